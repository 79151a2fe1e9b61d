"""The log of the building of a job's image: docker's steps, pip's bars, colours."""

from __future__ import annotations

from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.log_file import LogFile
from amltui.emulator.jobs.record import JobRecord

PATH = "azureml-logs/20_image_build_log.txt"
LONG = 120.0
"""Seconds of preparing from which on an image was built: else it was there."""
_PACKAGES = ("torch==2.4.1", "torchvision==0.19.1", "azureml-mlflow==1.57.0", "numpy==1.26.4")
_ENDS = {
    True: (
        "\x1b[31mERROR: Could not find a version that satisfies the requirement\x1b[0m",
        "The command '/bin/sh -c pip install -r requirements.txt' returned a non-zero code: 1",
        "image build failed",
    ),
    False: (
        "Successfully built 5f2a9c1e77b0",
        "pushed to the registry, digest sha256:5f2a9c1e77b0",
    ),
}


def log(record: JobRecord) -> LogFile | None:
    """Written while the job prepares; None for a job whose image was there already."""
    failed = record.failure == "environment"
    phase = next((each for each in timeline.phases(record) if each.status == "Preparing"), None)
    if phase is None or phase.end is None or not (failed or phase.end - phase.start >= LONG):
        return None
    lines = [*_steps(record), *(f"{line}\n" for line in _ENDS[failed])]
    pace = (phase.end - phase.start) / len(lines)
    return LogFile(
        head=[(phase.start + place * pace, line.encode()) for place, line in enumerate(lines)]
    )


def _steps(record: JobRecord) -> list[str]:
    image = (record.environment or "default").rpartition("/environments/")[2]
    steps = [f"building the image of {image}\n", "Step 1/4 : FROM mcr.microsoft.com/azureml/base\n"]
    for layer in range(6):
        name = f"{record.seed % 0xFFFFFF + layer:012x}"
        steps += [f"{name}: Pulling fs layer\n", f"{name}: \x1b[32mPull complete\x1b[0m\n"]
    steps.append("Step 2/4 : RUN pip install -r requirements.txt\n")
    for package in _PACKAGES:
        steps.append(f"\x1b[36mCollecting\x1b[0m {package}\n")
        # A bar comes in pieces: until its line ends, the last line of the log is unfinished.
        steps += [f"\r   {'━' * full:<20} {full * 5:3d}%" for full in range(0, 21, 5)]
        steps.append("\r   \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m 100% 0:00:00\n")
    return [*steps, "Step 3/4 : COPY . /app\n", "Step 4/4 : ENTRYPOINT []\n"]
