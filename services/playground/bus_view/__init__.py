"""The tab that shows the bus live: counts and subjects, never what messages say."""
