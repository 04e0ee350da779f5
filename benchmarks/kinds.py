"""One command for each kind of data, on real data: what it answers, and the page that shows it.

    TENFOLD_DATA=../shared/data python benchmarks/kinds.py             # what is missing, then the page
    TENFOLD_DATA=../shared/data python benchmarks/kinds.py --only books fraud
    python benchmarks/kinds.py --publish                               # the page again, from the results

Each is a run with the quick budget in a process of its own, as a user types it. Results are kept in
`benchmarks/results/kinds/` and not measured again.
"""

import argparse
import datetime as dt
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kinds_page import write_page
from machine import describe_machine, machine_slug

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "kinds"
PAGE = ROOT / "docs" / "kinds-of-data.md"


@dataclass(frozen=True)
class Project:
    """A question to real data.

    Args:
        name: As in the results.
        kind: `"table"`, `"text"`, `"photos"` or `"series"`.
        about: What is asked, as a phrase.
        source: Table, folder or zip within the folder of the data.
        options: The rest of the command; `{data}` is the folder of the data.
    """

    name: str
    kind: str
    about: str
    source: str
    options: str


PROJECTS = (
    Project("sentences", "text", "is a short review good or bad", "sentiment_sentences/sentiment_sentences.csv",
            "--target label --drop source --measure accuracy"),
    Project("reviews", "text", "is a film review good or bad, from 5,000 of them", "imdb/imdb_reviews_5000.csv",
            "--target sentiment --drop rating --drop split --drop id --measure accuracy"),
    Project("news", "text", "is an article real, false or satire", "horne2017/horne2017_fake_news.csv",
            "--target label --drop collection --drop file --measure accuracy"),
    Project("flowers", "photos", "which of five flowers", "flowers/flowers_128px.zip", ""),
    Project("carbon dioxide", "series", "carbon dioxide in the air, a year ahead",
            "co2_ppm/co2_mlo_monthly_clean.csv",
            '--target average --time date --horizon "12 months" --drop decimal_date --drop deseasonalized --drop days '
            "--drop std_of_days --drop uncertainty"),
    Project("cold nights", "series", "the lowest temperature of the next day",
            "daily_min_temperatures/daily-min-temperatures.csv", "--target Temp --time Date --horizon 1d"),
    Project("tomorrow", "series", "the temperature in Beijing, 24 hours ahead", "beijing_pm25/beijing_pm25.csv",
            "--target TEMP --time year,month,day,hour --horizon 24h --drop No"),
    Project("global temperature", "series", "the month's temperature of the globe, by two sources, a year ahead",
            "global_temp/monthly.csv", '--target Mean --time Year --series Source --horizon "12 months"'),
    Project("sales", "series", "what a bakery will sell of each of six kinds tomorrow",
            "bakery_kiel/umsatzdaten_gekuerzt.csv",
            "--target Umsatz --time Datum --series Warengruppe --horizon 1d --join {data}/bakery_kiel/wetter.csv "
            "--join {data}/bakery_kiel/kiwo.csv --on Datum --known-ahead KielerWoche --drop id"),
    Project("books", "table", "how a reader will rate a book", "goodbooks/ratings_tenth_of_users.csv",
            "--target rating --problem number --measure neg_root_mean_squared_error"),
    Project("fraud", "table", "is a card payment fraud", "creditcard/creditcard_union.csv", "--target Class"),
)  # fmt: skip


def main() -> None:
    """Measures what is missing and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=[one.name for one in PROJECTS])
    parser.add_argument("--publish", action="store_true", help="only write the page")
    asked = parser.parse_args()
    path = RESULTS / f"{machine_slug()}.json"
    found = json.loads(path.read_text()) if path.exists() else {"machine": describe_machine(), "runs": {}}
    for project in [] if asked.publish else PROJECTS:
        if (asked.only is None and project.name not in found["runs"]) or project.name in (asked.only or ()):
            found["runs"][project.name] = _run(project)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(found, indent=1) + "\n")
    write_page(sorted(RESULTS.glob("*.json")), PAGE)


def _run(project: Project) -> dict[str, Any]:
    data, load = Path(os.environ["TENFOLD_DATA"]).resolve(), os.getloadavg()[0]
    options = shlex.split(project.options.replace("{data}", str(data)))
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tenfold", "run", str(data / project.source), *options,
                   "--budget", "quick", "--out", f"{folder}/run", "-q"]  # fmt: skip
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - began
        if done.returncode:
            raise RuntimeError(f"{project.name}: {done.stderr[-2_000:]}")
        facts = json.loads(Path(folder, "run", "facts.json").read_text())
    answer = {
        "kind": project.kind,
        "about": project.about,
        "command": f"tenfold run {Path(project.source).name} {project.options.replace('{data}/', '')}".strip(),
        "rows": facts["run"]["source"]["num_rows"],
        "measure": facts["measure"]["short"],
        "better": facts["measure"]["better"],
        "headline": facts["verdict"]["headline"],
        "models": {one["name"]: [one["role"], one["score"]["value"]] for one in facts["models"]},
        "sealed": facts["sealed"] and facts["sealed"]["score"],
        "networks": facts["work"]["num_networks"],
        "seconds": round(seconds, 1),
        "load_before": load,
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
    }
    print(f"{project.name}: {answer['headline']} ({seconds:.0f} s)", flush=True)
    return answer


if __name__ == "__main__":
    main()
