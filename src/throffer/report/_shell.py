"""The shell of every page: one HTML file that opens offline and makes no network request.

A page is a folder under `templates` with `page.html.j2`, which extends `base.html.j2` and fills its
blocks, and with `page.css` if the page has its own style. `render` assembles them.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import jinja2
import vl_convert
from markupsafe import Markup
from pydantic import JsonValue

import throffer
from throffer.report import _language as language
from throffer.structure import kept

TEMPLATES = "templates"
"""The folder of templates, styles and scripts in this package."""

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def render(page: str, *, charts: bool = True, **content: Any) -> str:
    """A whole page as HTML text.

    The template gets `content` and `version`, the version of this package. All text is escaped;
    text that does not come from the package passes through the filter `visible` too.

    Args:
        page: the folder of the page under `templates`, such as `"map"`.
        charts: whether the page has charts; a page without charts has no script.
        content: the variables of the template.

    Raises:
        jinja2.UndefinedError: If the template uses a variable that `content` does not have.
    """
    css = _asset("base.css") + (_asset(f"{page}/page.css") if _has(f"{page}/page.css") else "")
    scripts = [chart_library(), _asset("charts.js")] if charts else []
    template = environment().get_template(f"{page}/page.html.j2")
    return template.render(
        css=Markup(css),
        scripts=[Markup(script) for script in scripts],
        policy=_policy(css, *scripts),
        version=throffer.__version__,
        **content,
    )


@functools.cache
def environment() -> jinja2.Environment:
    """The Jinja environment of all templates; an undefined variable is an error.

    Filters: `rate`, `rate_parts`, `number`, `count`, `interval`, `percent`, `visible` (of
    `report/_language.py`), `script_json`, `plain_json`. Function: `unknown`.
    """
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("throffer.report", TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "rate": language.rate,
        "rate_parts": language.rate_parts,
        "number": language.number,
        "count": language.count,
        "interval": language.interval_text,
        "percent": language.percent,
        "visible": language.visible,
        "script_json": script_json,
        "plain_json": plain_json,
    }
    made.globals |= {"unknown": language.unknown}
    return made


def script_json(value: JsonValue) -> Markup:
    """JSON that is safe inside a script element, even with untrusted text in it.

    Raises:
        ValueError: For a number that is not finite, which JSON does not allow.
    """
    text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    for char, escape in _UNSAFE.items():
        text = text.replace(char, escape)
    return Markup(text)


def plain_json(value: JsonValue) -> str:
    """A value of a configuration as text: a string unchanged, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@functools.cache
def chart_library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that can stand in a script element."""
    # bundling takes two seconds of processor time and depends only on the version, so it is cached
    bundle = kept(
        f"vega-{version('vl-convert-python')}.js",
        lambda: vl_convert.javascript_bundle(snippet="window.vegaEmbed = vegaEmbed;"),
    )
    # an end tag inside a string would end the element; the escaped string is equal to it
    return bundle.replace("\r\n", "\n").replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _asset(name: str) -> str:
    return files("throffer.report").joinpath(TEMPLATES, name).read_text(encoding="utf-8")


def _has(name: str) -> bool:
    return files("throffer.report").joinpath(TEMPLATES, name).is_file()


def _policy(css: str, *scripts: str) -> str:
    """Content-Security-Policy that allows these scripts and this style only, and no requests."""
    allowed = {
        "default-src": "'none'",
        **({"script-src": " ".join(_digest(script) for script in scripts)} if scripts else {}),
        "style-src": _digest(css),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in allowed.items())


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
