"""What stops the command-line tool: an expected trouble, said in one sentence."""


class Trouble(Exception):
    """Its text is shown to the person as it is: a whole sentence, free of secrets."""
