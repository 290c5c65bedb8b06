"""The fault matrix: real processes under a load of people chatting, hurt at random, then judged."""
