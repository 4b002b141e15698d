"""Runs `palisade audit` and `explain` over documents and validates what they print. Called by .ci/validate-audit."""

import json
import subprocess
import sys
from pathlib import Path

from jsonschema import FormatChecker
from jsonschema.validators import validator_for

PALISADE = "target/debug/palisade"


def schema(path):
    loaded = json.loads(Path(path).read_text(encoding="utf-8"))
    kind = validator_for(loaded)
    kind.check_schema(loaded)
    # Formats that nothing checks would be passed over.
    assert "uri" in FormatChecker.checkers, "no checker for uri"
    return kind(loaded, format_checker=FormatChecker())


def printed(*arguments):
    run = subprocess.run([PALISADE, *arguments], capture_output=True, text=True, encoding="utf-8")
    return run.returncode, run.stdout


def main():
    sarif = schema(sys.argv[1])
    audit = schema("docs/reference/audit.schema.json")
    explain = schema("docs/reference/explain.schema.json")
    documents = [Path(name) for name in sys.argv[2:]]
    if not documents:
        documents = sorted(Path("specs").glob("*.yaml")) + sorted(Path("tests").glob("**/*.yaml"))
    counts = {"audit": 0, "sarif": 0, "results": 0, "explain": 0}
    wrong = []
    for document in documents:
        checks = [("audit", audit, ["audit", "--format", "json"]), ("sarif", sarif, ["audit", "--format", "sarif"])]
        checks.append(("explain", explain, ["explain", "--format", "json"]))
        for name, validator, arguments in checks:
            code, text = printed(*arguments, str(document))
            if name == "explain" and code == 2:
                # A document with errors is not explained.
                continue
            value = json.loads(text)
            counts[name] += 1
            if name == "sarif":
                counts["results"] += len(value["runs"][0]["results"])
            for error in validator.iter_errors(value):
                wrong.append(f"{document}: {name}: {error.json_path}: {error.message[:200]}")
    for line in wrong[:50]:
        print(line)
    print(
        f"{counts['audit']} audits and {counts['sarif']} SARIF logs with {counts['results']} results, "
        f"{counts['explain']} explanations: {len(wrong)} wrong"
    )
    return 1 if wrong or not all(counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
