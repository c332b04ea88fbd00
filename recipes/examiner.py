"""The examiner: learns to read films from the Backlot's truth. Two hours on two CPU cores, a
quarter of it for rendering the lessons; a GPU slice does the same with more clips."""

from onereel.train.examiner import ExaminerRecipe
from onereel.train.lessons import LessonConfig
from onereel.train.loop import LoopConfig


def recipe() -> ExaminerRecipe:
    return ExaminerRecipe(
        loop=LoopConfig(
            folder="runs/examiner", minutes=60, rate=6e-4, decay_share=0.6, ema=0.998,
            log_seconds=30, save_minutes=4, sheet_minutes=10,
        ),
        lessons=LessonConfig(folder="runs/lessons"),
    )  # fmt: skip
