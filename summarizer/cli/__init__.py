"""The command line: one module for each group of commands, and ``options`` for what they share.

Each command parses its options, calls the package, prints and sets the exit code. Nothing imports this
package.
"""
