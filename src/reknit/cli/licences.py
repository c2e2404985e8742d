"""Words that travel with the software: each has its terms, and the published form it was compared with."""

import sys

from reknit.core.errors import CoreError
from reknit.core.measures.wording import lacks_evidence, own_packs, words_in


def faults() -> list[str]:
    """What a pack lacks, one sentence each."""
    try:
        packs = own_packs()
    except CoreError as broken:
        return [str(broken)]
    found = [(pack.id, lacks_evidence(pack, one)) for pack in packs for one in words_in(pack.id)]
    return [f"packs/{pack}: {fault}" for pack, fault in found if fault]


def main() -> int:
    """Print every fault; 1 if there is one."""
    found = faults()
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
