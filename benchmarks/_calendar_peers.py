"""Percent days abstinent and longest run by pandas, DuckDB and Polars: for each the quickest way we found.

Runs are found as islands: among days without use in order, day less row number stays the same within a run.
"""

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

Answer = tuple[NDArray[np.float64], NDArray[np.int64]]
SQL = """
with islands as (select client, day - row_number() over (order by client, day) as island from days where amount = 0),
     runs as (select client, count(*) as length from islands group by client, island),
     longest as (select client, max(length) as length from runs group by client),
     shares as (select client, 100.0 * avg((amount = 0)::int) as pda from days group by client)
select pda, coalesce(length, 0) as length from shares left join longest using (client) order by client
"""


class Pandas:
    """A data frame in memory."""

    def __init__(self, client: object, day: object, amount: object) -> None:
        self.frame = pd.DataFrame({"client": client, "day": day, "amount": amount})

    def __call__(self) -> Answer:
        frame = self.frame
        sober = frame.amount == 0
        pda = 100 * sober.groupby(frame.client).mean()
        days = frame[sober].sort_values(["client", "day"])
        island = days.day - np.arange(len(days))
        longest = days.groupby(["client", island]).size().groupby(level=0).max()
        return pda.to_numpy(), longest.reindex(pda.index, fill_value=0).to_numpy()


class Polars:
    """A data frame in memory, asked lazily on every core."""

    def __init__(self, client: object, day: object, amount: object) -> None:
        self.frame = pl.DataFrame({"client": client, "day": day, "amount": amount})

    def __call__(self) -> Answer:
        rows = self.frame.lazy()
        sober = rows.filter(pl.col("amount") == 0).sort("client", "day").with_row_index("n")
        islands = sober.with_columns(island=pl.col("day") - pl.col("n").cast(pl.Int64))
        longest = islands.group_by("client", "island").len().group_by("client").agg(pl.col("len").max())
        pda = rows.group_by("client").agg((100 * (pl.col("amount") == 0).mean()).alias("pda"))
        found = pda.join(longest, on="client", how="left").sort("client").collect()
        return found["pda"].to_numpy(), found["len"].fill_null(0).to_numpy().astype(np.int64)


class DuckDB:
    """A table of its own in memory."""

    def __init__(self, client: object, day: object, amount: object) -> None:
        self.connection = duckdb.connect()
        frame = pd.DataFrame({"client": client, "day": day, "amount": amount})
        self.connection.register("frame", frame)
        self.connection.execute("create table days as select * from frame")

    def __call__(self) -> Answer:
        found = self.connection.execute(SQL).fetchnumpy()
        return np.asarray(found["pda"]), np.asarray(found["length"]).astype(np.int64)


PEERS = {"pandas": Pandas, "DuckDB": DuckDB, "Polars": Polars}
