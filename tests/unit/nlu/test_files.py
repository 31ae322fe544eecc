import os
import subprocess
import sys
from pathlib import Path


def test_the_data_may_stand_elsewhere(tmp_path):
    ask = [sys.executable, "-c", "from nlu.files import DICTIONARIES; print(DICTIONARIES)"]
    said = subprocess.run(
        ask, env=os.environ | {"KETANG_DATA_DIR": str(tmp_path)}, cwd=Path(__file__).parents[3], capture_output=True
    )
    assert said.stdout.decode().strip() == str(tmp_path.resolve() / "dictionaries")
