"""Other systems' data in: a mapping file, a dry run, then one transaction.

Words it owns: mapping, import run, rejected row. Calls rooms' actions and writes no table but its own log.
The file itself is not kept; its fingerprint is. Imported history starts no clock: one triage item stands for
the whole import.
"""
