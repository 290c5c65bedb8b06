"""Draws the memory of processes over time, by matplotlib of the dependency group `bench`."""

from pathlib import Path

from tests.faults.flatness import EVERY, MIB, Lives

INCHES, DOTS = (11.0, 5.0), 100


def draw_lives(lives: Lives, file: Path) -> bool:
    """Write a chart with a line each process; return whether matplotlib is there to do it."""
    try:
        import matplotlib  # of a group that is not installed with the rest
    except ImportError:
        return False
    matplotlib.use("Agg")
    from matplotlib import pyplot  # chooses its way to draw when imported

    figure, axes = pyplot.subplots(figsize=INCHES)
    for (name, _), samples in lives.samples.items():
        minutes = [number * EVERY / 60 for number in range(len(samples))]
        style = "-" if "-" in name else ":"
        axes.plot(minutes, [memory / MIB for memory, _ in samples], style, label=name)
    axes.set_xlabel("minutes")
    axes.set_ylabel("MiB resident")
    axes.set_ylim(bottom=0)
    axes.legend(ncols=2, fontsize=8)
    figure.tight_layout()
    figure.savefig(file, dpi=DOTS)
    pyplot.close(figure)
    return True
