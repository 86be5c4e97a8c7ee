"""`python -m experiments` is `orgsim`."""

from experiments.cli.command_line import main

if __name__ == "__main__":
    main()
