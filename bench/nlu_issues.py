"""Several issues in one message: nlu/.venv/bin/python -m bench.nlu_issues

tests/nlu/issues/dev.yml guided the costs in nlu/issues.py; test.yml is only counted.
"""

import nlu.spare_tensorflow  # noqa: F401

# isort: split

import yaml

from bench.nlu_testset import NOW
from nlu.files import TESTS
from nlu.understand import Understanding


def main() -> None:
    understanding = Understanding.load()
    print(f"{'':8}{'several':>8}{'told':>8}{'all codes':>10}{'one':>8}{'kept one':>10}")
    for name in ("dev", "test"):
        path = TESTS / "issues" / f"{name}.yml"
        messages = yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]
        parsed = understanding.parse_many([m["text"] for m in messages], [NOW] * len(messages))
        found = [
            (m["issues"], [issue["service_code"] for issue in p["issues"]])
            for m, p in zip(messages, parsed, strict=True)
        ]
        several = [(said, told) for said, told in found if len(said) > 1]
        single = [told for said, told in found if len(said) == 1]
        told, exact = sum(bool(told) for _, told in several), sum(said == told for said, told in several)
        print(f"{name:8}{len(several):8}{told:8}{exact:10}{len(single):8}{sum(not told for told in single):10}")


if __name__ == "__main__":
    main()
