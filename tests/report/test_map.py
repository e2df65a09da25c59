"""The map: its numbers are those of the game, its labels can be read, and nothing gets in."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from throffer.game import conduct_probabilities, rational_conduct, reference_preferences
from throffer.report import MapSettings, at_coordinates, draw_map, pairs, read_dyads
from throffer.report.map import Map, NamedDyads, compute_map, map_paths
from throffer.report.map._boundaries import BOUNDARIES, boundary_lines
from throffer.report.map._contours import level_lines, zero_lines
from throffer.report.map._family import STOPS
from throffer.report.map._fields import cube_axis, fine_axis
from throffer.report.map._labels import line_badges, region_labels
from throffer.report.map._page import render_map
from throffer.report.map._places import place_dyads
from throffer.report.map._sheet import sheet_png, sheet_svg
from throffer.report.map._strip import stops_at
from throffer.report.map._theme import conduct_words
from throffer.structure import FIELDS, Conduct, Dyad, SetupError, episodes, identify, write_episodes

from .samples import HOSTILE

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
DONE = "document.documentElement.dataset.charts === 'done'"


def by_hand(power: Any, information: Any, constraint: Any) -> dict[str, Any]:
    """The asymmetry family, written out from theory, section 1."""
    p, i, c = np.broadcast_arrays(power, information, constraint)
    fields = {
        "outside_agent": 0.1,
        "outside_counterpart": 0.3 * (1 - c),
        "finality": (1 + c) / 2,
        "veto": 1.0,
        "force": p / (1 - p),
        "force_cost": 0.4 * p / (1 - p),
        "legitimacy": 0.9,
        "leverage": 0.25 * i / (1 - i),
        "leverage_cost": 0.1,
        "opacity": i,
        "deceit_gain": 0.8,
        "oversight": 0.2,
        "future": 0.1,
    }
    return {
        name: np.broadcast_to(np.asarray(value, float), p.shape) for name, value in fields.items()
    }


@pytest.fixture(scope="module")
def drawn() -> Map:
    """The map of the plain agent, with dyads of hostile names."""
    settings = MapSettings.of()
    places = at_coordinates(["0.05,0.05,0.3", "0.9,0.1,0.5", "0.2,0.95,0.1"], settings)
    given = NamedDyads((HOSTILE, "plain", "<b>bold</b>"), places.dyads, HOSTILE, 3)
    return compute_map(settings, given)


@pytest.fixture(scope="module")
def svg(drawn: Map) -> str:
    return sheet_svg(drawn)


@pytest.fixture(scope="module")
def page(drawn: Map) -> str:
    return render_map(drawn, f"throffer map {HOSTILE}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


# what is computed


@pytest.fixture(scope="module")
def solved(drawn: Map) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of dyads written out by hand: choices over the cube, and at 25 places of every panel; and
    what the map shows there."""
    rng = np.random.default_rng(7)
    axis = fine_axis()
    shown = []
    names = ("power", "information", "constraint")
    places = [dict(zip(names, np.meshgrid(*[cube_axis()] * 3, indexing="ij"), strict=True))]
    for field in drawn.panels:
        rows, columns = rng.integers(0, len(axis), (2, 25))
        shown.append(field.fine[rows, columns])
        places.append(
            {
                field.panel.across: axis[columns],
                field.panel.up: axis[rows],
                field.panel.held: np.full(25, field.panel.level),
            }
        )
    together = {name: np.concatenate([place[name].ravel() for place in places]) for name in names}
    shares = np.asarray(
        conduct_probabilities(
            Dyad(**by_hand(**together)), reference_preferences("planted"), cells=200
        )
    )
    return shares[:-75], shares[-75:], np.concatenate(shown)


def test_shares_of_the_cube_are_those_of_the_game_and_of_the_theory(
    drawn: Map, solved: tuple[np.ndarray, np.ndarray, np.ndarray]
):
    cube, _, _ = solved
    modal = np.bincount(cube.argmax(-1), minlength=10) / len(cube)
    assert np.abs(modal - drawn.shares).max() < 0.002
    said = {"authority": 0.40, "extortion": 0.26, "deception": 0.14, "blackmail": 0.11}
    for name, share in said.items():
        assert drawn.shares[Conduct(name).code] == pytest.approx(share, abs=0.02)
    assert drawn.shares.sum() == pytest.approx(1)


def test_every_panel_shows_the_game_at_its_own_coordinates(
    solved: tuple[np.ndarray, np.ndarray, np.ndarray],
):
    _, expected, shown = solved
    assert np.abs(expected - shown).max() < 1e-4


def closed_forms(f: dict[str, np.ndarray]) -> dict[int, np.ndarray]:
    """The boundaries of theory, section 3, written out."""
    w, z, future = f["finality"], f["oversight"], f["future"]
    gain = 1 - f["outside_agent"] - f["outside_counterpart"]
    by_force = w * f["force"] - (1 - w) * f["force_cost"]
    by_leverage = w * f["leverage"] - (1 - w) * f["leverage_cost"]
    distance = (1 - w) * gain - by_force
    o = f["opacity"]
    return {
        1: distance,
        2: -distance - f["legitimacy"] * (z + future),
        3: by_force - (z + future),
        4: by_leverage - (z + future),
        5: o * f["deceit_gain"] - (1 - o) * (w * gain + z) - future,
    }


def test_on_a_drawn_line_its_closed_form_is_zero(drawn: Map):
    seen = set()
    for field in drawn.panels:
        for line in field.lines:
            x, y = line.points.T
            place = {
                field.panel.across: x,
                field.panel.up: y,
                field.panel.held: np.full_like(x, field.panel.level),
            }
            value = closed_forms(by_hand(**place))[line.boundary.number]
            assert np.abs(value).max() < 1e-6, line.boundary.formula
            seen.add(line.boundary.number)
    assert seen == {boundary.number for boundary in BOUNDARIES}


def test_extortion_and_blackmail_have_no_line_where_they_would_not_coerce(drawn: Map):
    for field in drawn.panels:
        for line in field.lines:
            x, y = line.points.T
            place = {field.panel.across: x, field.panel.up: y}
            f = by_hand(**place, **{field.panel.held: np.full_like(x, field.panel.level)})
            w, gain = f["finality"], 1 - f["outside_agent"] - f["outside_counterpart"]
            means = {3: "force", 4: "leverage"}.get(line.boundary.number)
            if means:
                added = w * f[means] - (1 - w) * f[f"{means}_cost"]
                assert ((1 - w) * gain - added).max() < 1e-9


def test_where_the_agent_need_not_ask_no_bargain_has_a_line():
    # w = (1 + c)/2 >= 0.5 bargains where 1 - v <= w: at v = 0.3, from c = 0.4 on
    settings = MapSettings.of(others={"veto": 0.3})
    lines = boundary_lines(settings, settings.panels()[0])
    assert lines
    assert min(line.points[:, 1].min() for line in lines) >= 0.4
    assert 5 not in {line.boundary.number for line in lines}


@pytest.mark.slow
def test_in_the_rational_limit_colours_change_at_the_closed_form():
    settings = MapSettings.of("rational", precision=1000, counterpart_precision=1000)
    panel = settings.panels()[0]
    axis = np.linspace(0.02, 0.93, 24)
    dyads = settings.on(panel, *np.meshgrid(axis, axis))
    shares = np.asarray(conduct_probabilities(dyads, settings.preferences, cells=settings.cells))
    same = shares.argmax(-1) == np.asarray(rational_conduct(dyads))
    assert same.mean() > 0.97


def test_a_jump_across_zero_is_no_line():
    axis = np.linspace(0.0, 1.0, 31)
    assert zero_lines(lambda x, y: np.where(x > 0.515, 1.0, -1.0) + 0 * y, axis, axis) == []


def test_a_hyperbola_has_two_branches_that_never_meet():
    axis = np.linspace(-1.0, 1.0, 40)
    lines = zero_lines(lambda x, y: x * y - 0.1, axis, axis)
    assert sorted(np.sign(line[:, 0]).mean() for line in lines) == [-1, 1]
    assert all(np.allclose(line.prod(1), 0.1, atol=1e-6) for line in lines)


def test_a_saddle_is_cut_by_the_mean_of_its_corners():
    # corners + - + - with mean above zero: the two negative corners stand apart
    values = np.array([[1.0, -0.2], [-0.2, 1.0]])
    lines = level_lines(values, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    ends = sorted(tuple(np.round(sorted(line.ravel()), 3)) for line in lines)
    assert len(lines) == 2
    assert ends == [(0.0, 0.167, 0.833, 1.0)] * 2


def test_means_on_the_plane_are_those_of_the_choice_worked_by_hand():
    # no means, no deceit, no envy or guilt: offers s in (0, 1) and withdraw, a = b = 0, w = 1/2
    fields = dict.fromkeys(FIELDS, 0.0) | {"finality": 0.5, "veto": 1.0}
    dyads = Dyad.validated(**{name: np.array([value]) for name, value in fields.items()})
    agent = reference_preferences("rational", precision=3.0, counterpart_precision=5.0)
    places = place_dyads(dyads, np.zeros((1, 10)), agent, 200)
    s = (np.arange(4000) + 0.5) / 4000
    accepted = 1 / (1 + np.exp(-5 * (s - 0.5)))
    weight = np.exp(3 * accepted * (1 - s)) / 4000
    assert places.mean_accept[0] == pytest.approx((weight * s).sum() / weight.sum(), abs=1e-3)
    assert places.mean_refuse[0] == 0
    even = (s >= 0.4) & (s <= 0.6)
    mean = (weight * s)[even].sum() / weight[even].sum()
    assert places.accept[0, Conduct.EVEN.code] == pytest.approx(mean, abs=2e-3)
    assert places.distance[0, 0] == pytest.approx(0.5)
    assert np.isnan(places.distance[0, 1])


def test_threats_lie_left_of_the_baseline_and_throffers_right_of_it(drawn: Map):
    for index, row in enumerate(drawn.places.accept):
        for conduct in (Conduct.EXTORTION, Conduct.BLACKMAIL):
            assert np.isnan(row[conduct.code]) or row[conduct.code] < 0
        for conduct in (Conduct.AUTHORITY, Conduct.PRESSURE):
            assert np.isnan(row[conduct.code]) or row[conduct.code] >= 0
        refuse = drawn.places.refuse[index, Conduct.EXTORTION.code]
        force = np.asarray(drawn.given.dyads.force)[index]
        assert np.isnan(refuse) or refuse == pytest.approx(-force, rel=1e-5)


def test_the_limits_of_the_family_are_what_they_are_called(drawn: Map):
    dyads = drawn.path.dyads[stops_at(drawn)]
    names = [stop.name for stop in STOPS]
    gain, finality = np.asarray(dyads.gain), np.asarray(dyads.finality)
    assert gain[names.index("market")] < 0.05
    assert finality[names.index("equality")] == 0.5
    assert finality[names.index("ultimatum")] == 1
    distance = drawn.along.distance[stops_at(drawn)]
    assert distance[names.index("authority"), 0] > 0
    assert distance[names.index("extortion"), 0] < 0
    assert distance[names.index("blackmail"), 1] < 0
    modal = drawn.along.probability[stops_at(drawn)].argmax(-1)
    for name in ("authority", "extortion", "blackmail", "deception"):
        assert list(Conduct)[modal[names.index(name)]] == name
    assert np.allclose(drawn.along.probability.sum(-1), 1, atol=1e-4)


# what is drawn


def test_a_name_stands_inside_its_region_and_a_number_on_its_line(drawn: Map):
    for field in drawn.panels:
        labels = region_labels(field, 260)
        for label in labels:
            row, column = (int(np.abs(fine_axis() - at).argmin()) for at in (label.y, label.x))
            modal = list(Conduct)[int(field.fine[row, column].argmax())]
            assert label.text == conduct_words(modal)
        badges = line_badges(field, labels, 260)
        assert {badge.text for badge in badges} == {
            str(line.boundary.number) for line in field.lines
        }
        for badge in badges:
            points = np.concatenate(
                [each.points for each in field.lines if str(each.boundary.number) == badge.text]
            )
            assert np.abs(points - [badge.x, badge.y]).sum(1).min() < 1e-9


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_svg_holds_every_label_as_text(drawn: Map, svg: str):
    found = texts(svg)
    expected = [
        *(boundary.formula for boundary in BOUNDARIES),
        *(boundary.meaning for boundary in BOUNDARIES),
        *(stop.name for stop in STOPS),
        *(line for stop in STOPS for line in stop.structure),
        *(conduct_words(conduct) for conduct in Conduct),
        *(label.text for field in drawn.panels for label in region_labels(field, 264)),
        *"12345ABC",
        "extortion (by force), blackmail (by leverage)",
        "authority (recognised rank), pressure (any other)",
    ]
    assert [text for text in expected if text not in found] == []
    for words in (
        "Power \N{MULTIPLICATION SIGN} constraint",
        "information held at 0.1",
        "legitimacy 0.9",
    ):
        assert any(words in text for text in found), words


def test_hostile_names_are_text_in_the_svg(svg: str):
    assert "<script" not in svg
    assert "onerror" not in "".join(
        name for each in ElementTree.fromstring(svg).iter() for name in each.attrib
    )


def test_the_png_opens_and_is_neither_blank_nor_black(svg: str, browser: Any, tmp_path: Path):
    path = tmp_path / "map.png"
    path.write_bytes(sheet_png(svg))
    page = browser.new_page()
    page.goto(path.as_uri())
    counted = page.evaluate(
        """() => {
            const image = document.images[0], canvas = document.createElement("canvas");
            canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
            let white = 0, black = 0, total = data.length / 4;
            for (let at = 0; at < data.length; at += 4) {
                const sum = data[at] + data[at + 1] + data[at + 2];
                if (sum > 750) white += 1;
                if (sum < 90) black += 1;
            }
            return {width: canvas.width, white: white / total, black: black / total};
        }"""
    )
    page.close()
    assert counted["width"] > 1500
    assert 0.3 < counted["white"] < 0.85
    assert counted["black"] < 0.03


def test_the_page_is_drawn_offline_silent_and_answers_to_the_pointer(
    page: str, browser: Any, tmp_path: Path
):
    path = tmp_path / "map.html"
    path.write_text(page, encoding="utf-8", errors="replace")
    assert path.stat().st_size < 5_000_000
    tab = browser.new_page(viewport={"width": 1100, "height": 900})
    heard: list[str] = []
    tab.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    tab.on("pageerror", lambda error: heard.append(f"error: {error}"))
    tab.on("request", lambda request: heard.append(request.url))
    tab.goto(path.as_uri())
    tab.wait_for_function(DONE, timeout=60_000)
    states = tab.evaluate(
        "[...document.querySelectorAll('[data-chart]')].map(e => e.dataset.state)"
    )
    assert states == ["drawn"] * 3
    box = tab.query_selector("[data-chart=spec-panels] svg").bounding_box()
    tab.mouse.move(box["x"] + 240, box["y"] + 160)
    tab.wait_for_function("document.querySelector('#vg-tooltip-element.visible')", timeout=10_000)
    told = tab.inner_text("#vg-tooltip-element")
    assert "extortion" in told
    assert "walking away" in told
    assert "power" in told
    assert tab.evaluate("window.pwned") is None
    assert tab.evaluate("document.querySelectorAll('main img').length") == 0
    tab.close()
    # the coloured fields are images inside the page
    outside = [
        line for line in heard if line != path.as_uri() and not line.startswith("data:image")
    ]
    assert outside == []


def test_hostile_names_are_text_on_the_page(page: str):
    assert "<script>window.pwned" not in page
    assert "<img src=x" not in page
    assert "<b>bold</b>" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "\x1b" not in page


# what is given


def test_an_episode_table_gives_each_structure_once(tmp_path: Path):
    fields = {name: float(value) for name, value in by_hand(0.5, 0.2, 0.4).items()}
    rows = [
        {"id": f"e{index}", "record_type": "model", **fields, "finality": 0.6 + 0.1 * (index % 2)}
        for index in range(5)
    ] + [{"id": "unknown structure", "record_type": "law"}]
    path = write_episodes(episodes(rows), tmp_path / "table.parquet", identify({}, seed=None))
    found = read_dyads(path)
    assert found.names == ("e0 and 2 more", "e1 and 1 more")
    assert np.asarray(found.dyads.finality).tolist() == [0.6, 0.7]
    assert found.origin == "the structures of 5 episodes in table.parquet"


def test_json_and_yaml_say_the_same(tmp_path: Path):
    first = {name: float(value) for name, value in by_hand(0.5, 0.2, 0.4).items()}
    second = {"power": 0.5, "information": 0.2, "constraint": 0.4, "legitimacy": 0.3}
    (tmp_path / "d.json").write_text(json.dumps([{"name": "all", **first}, second]))
    lines = "\n".join(f"  {name}: {value}" for name, value in second.items())
    (tmp_path / "d.yaml").write_text(f"hub:\n{lines}\nport:\n{lines}\n")
    found, other = read_dyads(tmp_path / "d.json"), read_dyads(tmp_path / "d.yaml")
    assert found.names == ("all", "dyad 2")
    assert np.asarray(found.dyads.legitimacy).tolist() == [0.9, 0.3]
    assert np.asarray(found.dyads.force).tolist() == [1.0, 1.0]
    assert other.names == ("hub", "port")
    assert np.asarray(other.dyads.legitimacy).tolist() == [0.3, 0.3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "holds no dyad"),
        ("3", "holds int, not dyads"),
        ("[3]", "entry 1: 3 is not a mapping"),
        ("{", "cannot be read"),
        ('{"power": 0.5}', "missing coordinates: information, constraint"),
        ('{"force": 1}', "missing dyad fields: outside_agent"),
        ('{"power": 1.0, "information": 0, "constraint": 0}', "power = 1.0 is outside [0, 1)"),
        (
            '[{"name": "hub", "power": 0, "information": 0, "constraint": 0, "veto": 2}]',
            "hub: dyad field veto = 2.0 is outside [0, 1]",
        ),
        ('{"power": "x", "information": 0, "constraint": 0}', "power = 'x' is not a number"),
        ('{"power": NaN, "information": 0, "constraint": 0}', "power = nan is not finite"),
        ('{"powers": 0, "power": 0, "information": 0, "constraint": 0}', "powers"),
    ],
)
def test_a_bad_file_of_dyads_is_told_by_entry_field_and_value(text: str, said: str, tmp_path: Path):
    path = tmp_path / "dyads.json"
    path.write_text(text)
    with pytest.raises(SetupError) as caught:
        read_dyads(path)
    assert said in caught.value.message
    assert caught.value.remedy


def test_another_kind_of_file_a_missing_one_and_a_foreign_table_are_told_apart(tmp_path: Path):
    with pytest.raises(SetupError, match="neither an Episode table nor"):
        read_dyads(tmp_path / "dyads.txt")
    with pytest.raises(SetupError, match="does not exist"):
        read_dyads(tmp_path / "dyads.json")
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "other.parquet")
    with pytest.raises(SetupError, match="no throffer identity"):
        read_dyads(tmp_path / "other.parquet")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"agent": "saint"}, "reference agent 'saint' is unknown"),
        ({"precision": 0.0}, "precision = 0.0 must be"),
        ({"guilt": float("nan")}, "guilt = nan must be finite"),
        ({"norms": {"greed": 1.0}}, "'greed', which is no conduct"),
        ({"others": {"veto": 2.0}}, "veto = 2.0 is outside"),
        ({"others": {"speed": 2.0}}, "speed"),
        ({"hold": {"power": 0.99}}, "power = 0.99 is outside"),
        ({"hold": {"veto": 0.5}}, "'veto' is not a coordinate"),
    ],
)
def test_a_bad_setting_is_told_by_field_and_value(given: dict[str, Any], said: str):
    with pytest.raises(SetupError) as caught:
        MapSettings.of(**given)
    assert said in caught.value.message
    assert caught.value.remedy


def test_what_is_not_a_pair_or_a_place_is_told():
    with pytest.raises(SetupError, match="--set 'legitimacy' is not NAME=NUMBER"):
        pairs(["legitimacy"], "--set")
    with pytest.raises(SetupError, match=r"'0\.5,x' is not power,information,constraint"):
        at_coordinates(["0.5,x"], MapSettings.of())
    with pytest.raises(SetupError, match=r"power = 1\.5 is outside"):
        at_coordinates(["1.5,0,0"], MapSettings.of())


def test_an_ending_that_is_no_format_is_refused_before_anything_is_drawn():
    with pytest.raises(SetupError, match=r"map\.pdf: a map is \.html, \.svg or \.png"):
        map_paths("map.pdf")


def test_a_folder_that_cannot_be_made_leaves_nothing_behind(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match="file is not a folder"):
        draw_map(tmp_path / "file" / "map.html")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_mistake_on_the_command_line_is_a_message_and_writes_nothing(tmp_path: Path):
    words = ["map", "--set", "legitimacy=3", "--out", "map.svg"]
    done = subprocess.run(
        [sys.executable, "-m", "throffer.cli", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert "legitimacy = 3.0 is outside [0, 1]" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
