"""What is shipped: each package, schema, topic, registry and SQL file, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHAT_SHIPS = {
    "credit_bus": ROOT / "streams/credit_bus",
    "credit_bus_connectors": ROOT / "connectors/credit_bus_connectors",
    "credit_bus_deploy": ROOT / "deploy/credit_bus_deploy",
    "credit_bus/schemas/avro": ROOT / "schemas/avro",
    "credit_bus/schemas/topics": ROOT / "schemas/topics",
    "credit_bus/schemas/examples": ROOT / "schemas/examples",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def expected() -> set[str]:
    return {
        f"{target}/{path.relative_to(source).as_posix()}"
        for target, source in WHAT_SHIPS.items()
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_everything_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert expected() == held


def test_the_installed_wheel_finds_its_schemas_and_topics(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = (
        "import credit_bus, pathlib\n"
        "from credit_bus.contracts.examples import load_examples\n"
        "from credit_bus.contracts.schemas import load_catalogue\n"
        "from credit_bus.contracts.topics import load_topic_files\n"
        "print(pathlib.Path(credit_bus.__file__).parent)\n"
        "print(len(load_catalogue().all), len(load_topic_files()), len(load_examples()))\n"
    )
    # The folder given first on the path wins over the editable install.
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, check=True, text=True,
    ).stdout.split()  # fmt: skip

    assert str(tmp_path / "credit_bus") == told[0]
    assert all(int(count) > 0 for count in told[1:])
