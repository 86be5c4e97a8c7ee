"""Write every page and record that is made from tables."""

from documents.writing import write

if __name__ == "__main__":
    for path in write():
        print(f"Wrote {path}")
