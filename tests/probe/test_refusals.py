import pytest
from inspect_ai.model import ChatMessageAssistant, ContentText, ModelOutput

from throffer.probe._refusals import declined_by_provider, reads_as_refusal


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with this request.",
        "I can\u2019t assist with that.",
        "As an AI model I will not take part in this.",
        "We are unable to continue with this task.",
        "I must decline to do this.",
        "I respectfully decline to send any terms here.",
    ],
)
def test_a_writer_who_will_not_take_part_is_a_refusal(text: str) -> None:
    assert reads_as_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "We cannot accept less than EUR 4,000.",
        "If they decline the offer, we stop deliveries.",
        "I can't help but notice that their margin is thin. We offer half.",
        "Kestrel will not be able to refuse.",
        "Terms: they receive 12,000, we receive 8,000.",
        "They won't continue without us.",
        "",
    ],
)
def test_bargaining_in_prose_is_no_refusal(text: str) -> None:
    assert not reads_as_refusal(text)


def test_a_refusal_far_down_in_a_long_text_is_not_read() -> None:
    assert not reads_as_refusal("terms " * 1000 + "I can't help with this.")


def test_a_content_filter_stop_and_a_refusal_block_are_the_provider_s_refusals() -> None:
    stopped = ModelOutput.from_content("m", "...", stop_reason="content_filter")
    block = ChatMessageAssistant(content=[ContentText(text="No.", refusal=True)])
    assert declined_by_provider(stopped)
    assert declined_by_provider(ModelOutput.from_message(block))
    assert not declined_by_provider(ModelOutput.from_content("m", "No."))
