"""Handlers that are classes of libraries, and what in a project's sources leads them on to its code.

A framework's handler begins where the project's application class, routes or named handlers are. Here it is only said
which file that is; ``runtime.py`` says what of it runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scopedown.core.text import Text

NAMING: Final = (
    "MAIN_CLASS", "SPRING_CLOUD_FUNCTION_DEFINITION", "FUNCTION_NAME", "DEFAULT_HANDLER", "QUARKUS_LAMBDA_HANDLER",
    "quarkus_lambda_handler", "HTTP4K_BOOTSTRAP_CLASS", "MICRONAUT_FUNCTION_NAME",
)  # fmt: skip
"""Variables that name classes or functions of a project."""


@dataclass(frozen=True, slots=True)
class LibraryHandler:
    """Handlers of one framework: how the names of their classes begin, the variables that name a class of the project,
    and patterns of the files that lead on, the best first."""

    framework: str
    classes: tuple[str, ...]
    variables: tuple[str, ...]
    marks: tuple[re.Pattern[str], ...]
    artifacts: re.Pattern[str]
    """What its artifacts are called in build files."""
    packages: re.Pattern[str]
    """What sources import of it."""
    source: str

    def rank(self, text: str, environment: Mapping[str, Text]) -> int | None:
        """How likely a source is the one that leads on; smaller is likelier, None is not at all."""
        for name in self.variables:
            value = environment[name].literal if name in environment else None
            if value and re.search(rf"\bclass\s+{re.escape(value.rpartition('.')[2])}\b", text):
                return 0
        return next((at for at, mark in enumerate(self.marks, 1) if mark.search(text)), None)


SPRING: Final = LibraryHandler(
    "spring",
    ("org.springframework.cloud.function.adapter.aws.", "com.amazonaws.serverless.proxy.spring."),
    ("MAIN_CLASS",),
    (re.compile(r"@SpringBootApplication\b|SpringApplication\.run"), re.compile(r"@(?:Configuration|ComponentScan)\b")),
    re.compile(r"spring-(?:boot|cloud-function)|aws-serverless-java-container-spring"),
    re.compile(r"import org\.springframework\."),
    "https://docs.spring.io/spring-cloud-function/reference/adapters/aws-intro.html, "
    "https://github.com/aws/serverless-java-container/wiki",
)
QUARKUS: Final = LibraryHandler(
    "quarkus",
    ("io.quarkus.amazon.lambda.", "io.quarkus.funqy.lambda."),
    (),
    (
        re.compile(r"\bRequest(?:Stream)?Handler\s*[<{]"),
        re.compile(r"@Funq\b"),
        re.compile(r"@Path\b|@Route\b"),
        re.compile(r"@ApplicationScoped\b"),
    ),
    re.compile(r"quarkus-(?:amazon-lambda|funqy)"),
    re.compile(r"import io\.quarkus\."),
    "https://quarkus.io/guides/aws-lambda, https://quarkus.io/guides/aws-lambda-http",
)
MICRONAUT: Final = LibraryHandler(
    "micronaut",
    ("io.micronaut.function.aws.", "io.micronaut.aws."),
    (),
    (
        re.compile(r"extends\s+MicronautRequest(?:Stream)?Handler\b"),
        re.compile(r"@FunctionBean\b|extends\s+FunctionInitializer\b"),
        re.compile(r"@Controller\b"),
        re.compile(r"Micronaut\.(?:run|build)\b"),
    ),
    re.compile(r"micronaut-(?:function-aws|aws)"),
    re.compile(r"import io\.micronaut\."),
    "https://micronaut-projects.github.io/micronaut-aws/latest/guide/#lambda",
)
JERSEY: Final = LibraryHandler(
    "jersey",
    ("com.amazonaws.serverless.proxy.jersey.", "com.amazonaws.serverless.proxy.spark."),
    (),
    (re.compile(r"JerseyLambdaContainerHandler|SparkLambdaContainerHandler"),),
    re.compile(r"aws-serverless-java-container-(?:jersey|spark)"),
    re.compile(r"import (?:org\.glassfish\.jersey|spark)\."),
    "https://github.com/aws/serverless-java-container/wiki",
)
ALL: Final = (SPRING, QUARKUS, MICRONAUT, JERSEY)


def of_class(qualified: str) -> LibraryHandler | None:
    """The framework of a handler's class, None where it is no class of a framework."""
    return next((one for one in ALL if qualified.startswith(one.classes)), None)


def of_sources(text: str) -> LibraryHandler | None:
    """The framework that sources use."""
    return next((one for one in ALL if one.packages.search(text)), None)


def of_build(text: str) -> LibraryHandler | None:
    """The framework that a module is built with."""
    return next((one for one in ALL if one.artifacts.search(text)), None)


def named(environment: Mapping[str, Text]) -> tuple[tuple[str, str], ...]:
    """The variables of a function that name classes or functions of its project."""
    return tuple((name, environment[name].literal or "") for name in NAMING if name in environment)
