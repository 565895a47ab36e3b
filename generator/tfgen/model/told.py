"""What is told to people: problems, which hold a Service, and notices."""

from dataclasses import dataclass

from tfgen.model.identity import ServiceKey


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong with one Service, worded for the person who must act.

    Reads as: "Service shop/web: <field> is <found>; expected <expected>. <remedy>"
    """

    service: ServiceKey
    field: str
    found: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        text = f"Service {self.service}: {self.field} is {self.found}; expected {self.expected}"
        return f"{text}. {self.remedy}" if self.remedy else f"{text}."


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """Worth saying, holds nothing back. `about` is "Service ns/name" or "Node name"."""

    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.about}: {self.text}"
