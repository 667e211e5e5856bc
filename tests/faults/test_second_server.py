"""Two servers never write one data directory."""

from tests.harness.fixtures import MakeServer


def test_a_second_server_on_the_same_data_refuses_to_start_with_a_sentence(make_server: MakeServer) -> None:
    first = make_server().start()
    second = make_server(first.data).launch()
    assert second.wait(60) != 0
    assert not any(line.startswith("listening on ") for line in second.log)
    said = "\n".join(second.log)
    assert "Traceback" not in said
    assert any(len(line.split()) > 3 for line in second.log), f"no sentence: {said!r}"
    with first.http() as client:
        assert client.get("/healthz").status_code == 200


def test_the_data_can_be_served_again_after_the_first_is_gone(make_server: MakeServer) -> None:
    first = make_server().start()
    first.kill()
    second = make_server(first.data).start()
    with second.http() as client:
        assert client.get("/healthz").json() == {"status": "ok"}
