"""What the doctor says about machines of many kinds, none of which is this one."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from thalweg._src.cli import doctor, facts, main
from thalweg._src.cli.facts import Facts

VERSIONS = {"thalweg": "0.1.0", "jax": "0.10.2", "jaxlib": "0.10.2", "numpy": "2.4.6"}
LAPTOP = Facts(
    python=(3, 12, 1),
    system="Linux",
    machine="x86_64",
    packages=VERSIONS,
    platform="cpu",
    devices=("cpu (cpu:0)",),
    cache_dir="/cache",
    allocator="untouched",
)
GPU_BOX = replace(LAPTOP, nvidia_gpus=("NVIDIA H100",), nvidia_driver="580.65.06")
PLUGIN = {"jax-cuda13-plugin": "0.10.2"}


def problems(situation: Facts) -> list[doctor.Finding]:
    return [finding for finding in doctor.judge(situation) if finding.problem]


def notes(situation: Facts) -> list[doctor.Finding]:
    return [finding for finding in doctor.judge(situation) if not finding.problem]


def test_plain_laptop_is_well() -> None:
    assert doctor.judge(LAPTOP) == []
    assert "All is well." in doctor.report_text(LAPTOP, [])


@pytest.mark.parametrize(
    ("driver", "remedy"),
    [
        ("580.65.06", 'pip install "jax[cuda13]==0.10.2"'),
        ("550.54.14", 'pip install "jax[cuda12]==0.10.2"'),
        ("525.60.13", 'pip install "jax[cuda12]==0.10.2"'),
        ("470.82.01", "install an NVIDIA driver of series 580 or newer"),
        (None, 'pip install "jax[cuda12]==0.10.2"'),
    ],
)
def test_gpu_without_plugin_names_the_plugin_for_the_driver(
    driver: str | None, remedy: str
) -> None:
    (problem,) = problems(replace(GPU_BOX, nvidia_driver=driver))
    assert "1 x NVIDIA H100 is not used" in problem.text
    assert problem.remedy == remedy


def test_gpu_that_is_used_is_well() -> None:
    situation = replace(GPU_BOX, plugins=PLUGIN, platform="gpu", devices=("H100 (cuda:0)",))
    assert problems(situation) == []
    assert [note.text for note in notes(situation)] == ["1 x NVIDIA H100 is used"]


def test_plugin_that_fails_shows_the_log_and_how_to_reinstall() -> None:
    log = "a line\n" * 20 + "Unable to load libcudnn.so.9"
    (problem,) = problems(replace(GPU_BOX, plugins=PLUGIN, probe_log=log))
    assert "Unable to load libcudnn.so.9" in problem.text
    assert len(problem.text.splitlines()) <= doctor.LOG_LINES + 1
    assert problem.remedy == 'pip install --force-reinstall "jax[cuda13]==0.10.2"'


def test_library_path_is_the_first_suspect() -> None:
    environment = {"LD_LIBRARY_PATH": "/usr/local/cuda/lib64"}
    (problem,) = problems(replace(GPU_BOX, plugins=PLUGIN, environment=environment))
    assert problem.remedy.startswith("unset LD_LIBRARY_PATH")


def test_plugin_too_new_for_the_driver_is_exchanged() -> None:
    (problem,) = problems(replace(GPU_BOX, plugins=PLUGIN, nvidia_driver="550.54.14"))
    assert problem.remedy == (
        'pip uninstall jax-cuda13-plugin && pip install "jax[cuda12]==0.10.2"'
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("JAX_PLATFORMS", "cpu"), ("CUDA_VISIBLE_DEVICES", ""), ("CUDA_VISIBLE_DEVICES", "-1")],
)
def test_gpu_hidden_on_purpose_is_no_problem(name: str, value: str) -> None:
    situation = replace(GPU_BOX, environment={name: value})
    assert problems(situation) == []
    (note,) = notes(situation)
    assert f"{name}={value}" in note.text
    assert note.remedy == f"unset {name}"


@pytest.mark.parametrize("value", ["cuda", "cuda,cpu", "gpu"])
def test_gpu_asked_for_but_unused_is_a_problem(value: str) -> None:
    assert len(problems(replace(GPU_BOX, environment={"JAX_PLATFORMS": value}))) == 1


def test_plugin_of_another_version_is_a_problem() -> None:
    situation = replace(GPU_BOX, plugins={"jax-cuda13-plugin": "0.9.1"}, platform="gpu")
    (problem,) = problems(situation)
    assert "0.9.1 does not belong to jaxlib 0.10.2" in problem.text
    assert problem.remedy == 'pip install "jax[cuda13]==0.10.2"'


def test_windows_says_the_truth_about_gpus() -> None:
    situation = replace(GPU_BOX, system="Windows", machine="AMD64")
    assert problems(situation) == []
    assert any("no GPU support on native Windows" in note.text for note in notes(situation))
    assert any("WSL2" in note.text for note in notes(replace(LAPTOP, system="Windows")))


def test_mac_says_the_truth_about_gpus() -> None:
    (note,) = doctor.judge(replace(LAPTOP, system="Darwin", machine="arm64"))
    assert not note.problem
    assert "CPU" in note.text


def test_wsl_gpu_is_held_to_the_same_as_linux() -> None:
    assert len(problems(replace(GPU_BOX, wsl=True))) == 1


def test_tpu_without_its_library_is_a_problem() -> None:
    (problem,) = problems(replace(LAPTOP, tpu_chips=4))
    assert problem.remedy == 'pip install "jax[tpu]==0.10.2"'
    assert problems(replace(LAPTOP, tpu_chips=4, platform="tpu")) == []


def test_amd_gpu_is_a_note() -> None:
    (note,) = doctor.judge(replace(LAPTOP, amd_gpu=True))
    assert (note.problem, note.remedy) == (False, 'pip install "jax[rocm7-local]==0.10.2"')


def test_jax_that_does_not_start_is_a_problem_with_its_last_words() -> None:
    situation = replace(LAPTOP, platform=None, devices=(), probe_log="RuntimeError: no backend")
    (problem,) = problems(situation)
    assert "RuntimeError: no backend" in problem.text
    (problem,) = problems(replace(situation, environment={"JAX_PLATFORMS": "tpu"}))
    assert "JAX_PLATFORMS" in problem.remedy


def test_old_python_and_missing_jax_are_problems() -> None:
    assert "3.11" in problems(replace(LAPTOP, python=(3, 10, 4)))[0].remedy
    (problem,) = problems(replace(LAPTOP, packages={**VERSIONS, "jax": None}, platform=None))
    assert problem.text == "not installed: jax"


def test_missing_extra_and_missing_cache_are_notes() -> None:
    situation = replace(LAPTOP, missing={"plot": ("matplotlib",), "text": ()}, cache_dir=None)
    assert problems(situation) == []
    remedies = [note.remedy for note in notes(situation)]
    assert 'pip install "thalweg[plot]"' in remedies
    assert len(remedies) == 2
    assert "extra text" in doctor.report_text(situation, [])


def test_source_folder_is_a_note() -> None:
    (note,) = doctor.judge(replace(LAPTOP, packages={**VERSIONS, "thalweg": None}))
    assert not note.problem


def test_problems_come_first_in_both_reports() -> None:
    situation = replace(GPU_BOX, missing={"plot": ("matplotlib",)})
    findings = doctor.judge(situation)
    assert [finding.problem for finding in findings] == [True, False]
    text = doctor.report_text(situation, findings)
    assert "PROBLEM: 1 x NVIDIA H100" in text
    assert "1 to mend." in text
    content = json.loads(doctor.report_json(situation, findings))
    assert content["healthy"] is False
    assert content["facts"]["nvidia_gpus"] == ["NVIDIA H100"]
    assert content["findings"][0]["remedy"] == 'pip install "jax[cuda13]==0.10.2"'


@pytest.mark.parametrize(("situation", "status"), [(LAPTOP, 0), (GPU_BOX, 1)])
def test_exit_status(
    situation: Facts,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(doctor, "collect", lambda: situation)
    assert main.main(["doctor"]) == status
    assert "Python" in capsys.readouterr().out
    assert main.main(["doctor", "--json"]) == status
    assert json.loads(capsys.readouterr().out)["healthy"] is (status == 0)


def test_a_word_that_is_neither_command_nor_program_ends_with_status_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main.main(["physician"]) == 2
    assert "can't open 'physician'" in capsys.readouterr().err


# Collecting


def test_facts_of_this_machine_hold_together() -> None:
    found = facts.collect()
    assert found.platform is not None
    assert found.devices
    assert found.packages["jax"]
    assert json.loads(doctor.report_json(found, doctor.judge(found)))["facts"]["python"]


def test_probe_that_fails_gives_its_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "PROBE", "raise SystemExit('no such plugin')")
    assert facts.probe_jax() == (None, (), "no such plugin")


def test_probe_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "PROBE", "import time; time.sleep(60)")
    monkeypatch.setattr(facts, "PROBE_SECONDS", 0.2)
    platform, devices, log = facts.probe_jax()
    assert (platform, devices) == (None, ())
    assert "did not start" in log


def test_nvidia_smi_lines() -> None:
    text = "NVIDIA H100 80GB HBM3, 580.65.06\nNVIDIA H100 80GB HBM3, 580.65.06\n"
    assert facts.parse_nvidia_smi(text) == (("NVIDIA H100 80GB HBM3",) * 2, "580.65.06")
    assert facts.parse_nvidia_smi("") == ((), None)


def test_nvidia_smi_that_fails_falls_back_to_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(command: list[str], **kwargs: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 9, "", "couldn't communicate")

    monkeypatch.setattr(facts.shutil, "which", lambda *args, **kwargs: "nvidia-smi")
    monkeypatch.setattr(facts.subprocess, "run", fail)
    monkeypatch.setattr(facts, "nvidia_from_kernel", lambda proc, dev: (("from kernel",), "1.2"))
    assert facts.nvidia() == (("from kernel",), "1.2")


def test_nvidia_files_of_the_kernel(tmp_path: Path) -> None:
    proc, dev = tmp_path / "proc", tmp_path / "dev"
    dev.mkdir()
    assert facts.nvidia_from_kernel(proc, dev) == ((), None)
    for name in ("nvidia0", "nvidiactl", "nvidia-uvm"):
        (dev / name).touch()
    assert facts.nvidia_from_kernel(proc, dev) == (("NVIDIA GPU",), None)
    (proc / "gpus" / "0000").mkdir(parents=True)
    (proc / "gpus" / "0000" / "information").write_text("Model: \t NVIDIA A100\nIRQ: 1\n")
    (proc / "version").write_text("NVRM version: NVIDIA UNIX Kernel Module  550.54.14  Thu\n")
    assert facts.nvidia_from_kernel(proc, dev) == (("NVIDIA A100",), "550.54.14")


def test_pci_devices_are_counted_by_vendor(tmp_path: Path) -> None:
    for number, vendor in enumerate(["0x1ae0", "0x8086", "0x1ae0"]):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "vendor").write_text(f"{vendor}\n")
    assert facts.pci_devices(facts.GOOGLE_PCI_VENDOR, tmp_path) == 2


def test_extras_are_read_from_requirements() -> None:
    lines = [
        "numpy>=2.0",
        "numpy>=2; extra == 'text'",
        'no-such-package-here>=1; extra == "text"',
        "no-such-package-here; extra == 'dev'",
        "numpy>=2; python_version < '4' and extra == 'plot'",
    ]
    expected = {"plot": (), "text": ("no-such-package-here",)}
    assert facts.missing_by_extra(lines) == expected
