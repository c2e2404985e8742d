"""Leave with cover: who is away, who sees to their clients meanwhile, and that the handover was read.

Words it owns: absence, cover, handover, handback. What waits for a human is handed over by `safety`, which stands above.
"""
