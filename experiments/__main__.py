"""`python -m experiments` is `orgsim`."""

from experiments.command_line import main

if __name__ == "__main__":
    main()
