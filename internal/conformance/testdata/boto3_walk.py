"""Walks AWS Interconnect with boto3, as it comes, against a sandbox.

Usage: boto3_walk.py json|cbor

Every operation, both handshakes, paging, waiters and every exception that the
service model names. Where the sandbox is comes by the environment: the AWS_
variables, GOOGLE_URL, GOOGLE_PROJECT, GOOGLE_REGION, GOOGLE_TOKEN, CONTROL_URL
and GATEWAY. What was seen is the last line of the output, as JSON; the first
thing that is not as it should be ends the walk with a traceback.
"""

import gzip
import json
import os
import pathlib
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid

import boto3
import botocore
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError, WaiterError

PROTOCOLS = {"json": "json", "cbor": "smithy-rpc-v2-cbor"}
ENVIRONMENT = "mce-aws-gcp-iad"
VERSION = "interconnect/2022-07-26"

seen = {"operations": set(), "exceptions": set()}


def force(protocol):
    """Has botocore speak one of the protocols that its own model lists.

    botocore picks the first of a list of its own that the service has, and has
    no setting for it, but reads models of the user's first: this one differs in
    the list alone.
    """
    builtin = pathlib.Path(botocore.__file__).parent / "data" / VERSION
    packed = builtin / "service-2.json.gz"
    raw = gzip.decompress(packed.read_bytes()) if packed.exists() else (builtin / "service-2.json").read_bytes()
    model = json.loads(raw)
    assert PROTOCOLS[protocol] in model["metadata"]["protocols"], model["metadata"]
    model["metadata"]["protocols"] = [PROTOCOLS[protocol]]
    model["metadata"]["protocol"] = PROTOCOLS[protocol]
    models = pathlib.Path(tempfile.mkdtemp(dir=os.environ["HOME"]))
    (models / VERSION).mkdir(parents=True)
    (models / VERSION / "service-2.json").write_text(json.dumps(model))
    os.environ["AWS_DATA_PATH"] = str(models)


def client(**config):
    """A client that notes what it calls. It does not try again by itself."""
    config.setdefault("retries", {"total_max_attempts": 1, "mode": "standard"})
    made = boto3.client("interconnect", config=Config(**config))
    made.meta.events.register(
        "before-call.interconnect", lambda model, **_: seen["operations"].add(model.name)
    )
    return made


def equal(got, want, what):
    assert got == want, f"{what}: {got!r}, not {want!r}"


def until(what, look, seconds=60):
    """Looks until there is something to see."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}")


def http(method, url, body=None, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    raw = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=raw, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


def google(method, path, body=None):
    """Calls Google about transports."""
    where = "/v1/projects/{GOOGLE_PROJECT}/locations/{GOOGLE_REGION}/transports".format(**os.environ)
    return http(method, os.environ["GOOGLE_URL"] + where + path, body, os.environ["GOOGLE_TOKEN"])


def transport(name, **want):
    """Waits for a transport to have these fields."""
    def look():
        got = google("GET", "/" + name)
        return got if all(got.get(k) == v for k, v in want.items()) else None
    return until(f"{want} of transport {name}", look)


def gone(name):
    def look():
        try:
            google("GET", "/" + name)
        except urllib.error.HTTPError as e:
            return e.code == 404
        return False
    until(f"the end of transport {name}", look)


def fault(**what):
    http("POST", os.environ["CONTROL_URL"] + "/v1/faults", {"cloud": "aws", **what})


def refused(ic, exception, call, **arguments):
    """Wants a call to raise an exception that the model names."""
    shape = ic.meta.service_model.shape_for(exception)
    try:
        call(**arguments)
    except getattr(ic.exceptions, exception) as e:
        said = e.response
        equal(said["Error"]["Code"], exception, "code")
        equal(said["ResponseMetadata"]["HTTPStatusCode"], shape.metadata["error"]["httpStatusCode"], exception)
        assert said["Error"]["Message"], said
        assert said["ResponseMetadata"]["RequestId"], said
        seen["exceptions"].add(exception)
        return said["Error"]["Message"]
    raise AssertionError(f"no {exception}")


def gateways():
    """More gateways, so that there are pages to turn."""
    dx = boto3.client("directconnect")
    for number in range(4):
        dx.create_direct_connect_gateway(directConnectGatewayName=f"more-{number}", amazonSideAsn=64600 + number)
    def ready():
        found = dx.describe_direct_connect_gateways()["directConnectGateways"]
        return len(found) == 5 and all(g["directConnectGatewayState"] == "available" for g in found)
    until("gateways", ready)


def pages(ic, operation, key, size, **arguments):
    """Reads a list page by page, and in one call, and compares."""
    pager = ic.get_paginator(operation)
    split = list(pager.paginate(PaginationConfig={"PageSize": size}, **arguments))
    items = [item for page in split for item in page[key]]
    assert all(len(page[key]) == size for page in split[:-1]), split
    assert "nextToken" not in split[-1], split[-1]
    equal(getattr(ic, operation)(**arguments)[key], items, operation)
    resumed = pager.paginate(PaginationConfig={"MaxItems": 1, "PageSize": 1}, **arguments)
    equal(resumed.build_full_result()[key], items[:1], operation + " cut short")
    if resumed.resume_token:
        rest = pager.paginate(PaginationConfig={"StartingToken": resumed.resume_token}, **arguments)
        equal(rest.build_full_result()[key], items[1:], operation + " resumed")
    return items, len(split)


def places(ic):
    found, count = pages(ic, "list_environments", "environments", 1)
    assert count == len(found) > 1, found
    equal(ic.list_environments(provider={"cloudServiceProvider": "aws"})["environments"], [], "environments with AWS")
    one = ic.get_environment(id=ENVIRONMENT)["environment"]
    assert one in found and one["state"] == "available", one
    assert "1Gbps" in one["bandwidths"]["available"], one
    points, count = pages(ic, "list_attach_points", "attachPoints", 2, environmentId=ENVIRONMENT)
    assert count == 3 and len(points) == 5, points
    assert os.environ["GATEWAY"] in [p["identifier"] for p in points], points


def created(ic):
    """AWS issues the key and Google redeems it."""
    wanted = {
        "environmentId": ENVIRONMENT,
        "attachPoint": {"directConnectGateway": os.environ["GATEWAY"]},
        "bandwidth": "1Gbps",
        "remoteAccount": {"identifier": os.environ["GOOGLE_PROJECT"]},
        "description": "made by boto3",
        "tags": {"team": "network", "empty": ""},
        "clientToken": str(uuid.uuid4()),
    }
    reply = ic.create_connection(**wanted)
    assert reply["ResponseMetadata"]["RequestId"], reply
    made = reply["connection"]
    equal((made["state"], made["description"], made["tags"]), ("requested", "made by boto3", wanted["tags"]), "connection")
    again = ic.create_connection(**wanted)["connection"]
    equal((again["id"], again["activationKey"]), (made["id"], made["activationKey"]), "the same token")
    google("POST", "?transportId=created", {"network": "default", "providedActivationKey": made["activationKey"]})
    return made


def accepted(ic):
    """Google issues the key and AWS redeems it."""
    google("POST", "?transportId=accepted", {
        "network": "default", "bandwidth": "BPS_1G", "remoteAccountId": "123456789012",
        "remoteProfile": "aws-" + os.environ["AWS_REGION"],
    })
    key = transport("accepted", state="PENDING_KEY")["generatedActivationKey"]
    proposal = ic.describe_connection_proposal(activationKey=key)
    equal((proposal["bandwidth"], proposal["environmentId"]), ("1Gbps", ENVIRONMENT), "proposal")
    equal(proposal["provider"], {"cloudServiceProvider": "gcp"}, "proposal")
    wanted = {"activationKey": key, "attachPoint": {"directConnectGateway": os.environ["GATEWAY"]}}
    made = ic.accept_connection_proposal(**wanted, description="accepted by boto3", tags={"team": "network"})["connection"]
    equal((made["state"], made["bandwidth"]), ("pending", "1Gbps"), "connection")
    refused(ic, "InterconnectClientException", ic.accept_connection_proposal, **wanted)
    refused(ic, "InterconnectClientException", ic.describe_connection_proposal, activationKey=key)
    return made


def wait(ic, name, connection, attempts=600):
    ic.get_waiter(name).wait(identifier=connection["id"], WaiterConfig={"Delay": 0.1, "MaxAttempts": attempts})


def up(ic, made, name):
    wait(ic, "connection_available", made)
    transport(name, state="ACTIVE")
    now = ic.get_connection(identifier=made["id"])["connection"]
    equal((now["state"], now["sharedId"], now["arn"]), ("available", made["sharedId"], made["arn"]), "connection")
    assert isinstance(now["billingTier"], int), now


def changed(ic, made):
    ic.update_connection(identifier=made["id"], description="changed by boto3")
    equal(ic.get_connection(identifier=made["id"])["connection"]["description"], "changed by boto3", "description")
    now = ic.update_connection(identifier=made["id"], bandwidth="2Gbps", clientToken="once")["connection"]
    equal((now["state"], now["bandwidth"]), ("updating", "1Gbps"), "connection")
    wait(ic, "connection_available", made)
    equal(ic.get_connection(identifier=made["id"])["connection"]["bandwidth"], "2Gbps", "bandwidth")
    transport("created", bandwidth="BPS_2G")

    arn = made["arn"]
    ic.tag_resource(arn=arn, tags={"team": "platform", "stage": "test"})
    ic.untag_resource(arn=arn, tagKeys=["empty", "never was"])
    equal(ic.list_tags_for_resource(arn=arn)["tags"], {"team": "platform", "stage": "test"}, "tags")


def listed(ic, *made):
    found, count = pages(ic, "list_connections", "connections", 1)
    equal((count, [c["id"] for c in found]), (len(made), [c["id"] for c in made]), "connections")
    assert not any("activationKey" in c for c in found), found
    for filters, want in (
        ({"state": "available"}, len(made)),
        ({"state": "failed"}, 0),
        ({"environmentId": ENVIRONMENT, "provider": {"cloudServiceProvider": "gcp"}}, len(made)),
        ({"attachPoint": {"directConnectGateway": str(uuid.uuid4())}}, 0),
    ):
        equal(len(ic.list_connections(**filters)["connections"]), want, f"connections with {filters}")
    token = ic.list_connections(maxResults=1)["nextToken"]
    refused(ic, "InterconnectValidationException", ic.list_connections, nextToken=token, state="available")
    refused(ic, "InterconnectValidationException", ic.list_connections, nextToken="made up")


def exceptions(ic, made):
    wanted = {
        "environmentId": ENVIRONMENT, "bandwidth": "1Gbps",
        "attachPoint": {"directConnectGateway": os.environ["GATEWAY"]},
        "remoteAccount": {"identifier": os.environ["GOOGLE_PROJECT"]},
    }
    refused(ic, "InterconnectValidationException", ic.create_connection, **{**wanted, "description": "<no>"})
    refused(ic, "InterconnectValidationException", ic.create_connection, **{**wanted, "bandwidth": "3Gbps"})
    refused(ic, "InterconnectValidationException", ic.get_connection, identifier=made["arn"][:32])
    refused(ic, "InterconnectValidationException", ic.update_connection, identifier=made["id"])
    refused(ic, "ResourceNotFoundException", ic.create_connection, **{**wanted, "environmentId": "mce-nowhere"})
    refused(ic, "ResourceNotFoundException", ic.get_environment, id="mce-nowhere")
    refused(ic, "ResourceNotFoundException", ic.list_attach_points, environmentId="mce-nowhere")
    for call in (ic.get_connection, ic.delete_connection):
        refused(ic, "ResourceNotFoundException", call, identifier="mcc-00000000")
    refused(ic, "ResourceNotFoundException", ic.update_connection, identifier="mcc-00000000", description="x")
    refused(ic, "ServiceQuotaExceededException", ic.create_connection, **wanted)
    elsewhere = made["arn"].replace("123456789012", "210987654321")
    refused(ic, "AccessDeniedException", ic.tag_resource, arn=elsewhere, tags={"a": "b"})
    refused(ic, "AccessDeniedException", ic.untag_resource, arn=elsewhere, tagKeys=["a"])
    refused(ic, "AccessDeniedException", ic.list_tags_for_resource, arn=elsewhere)
    unmodelled(ic, made)
    scripted(ic, made)


def unmodelled(ic, made):
    """What is refused before it reaches the service, and by boto3 itself."""
    try:
        ic.create_connection(environmentId=ENVIRONMENT)
    except ParamValidationError:
        pass
    else:
        raise AssertionError("boto3 sent half a request")
    for keys in ({"aws_secret_access_key": "wrong"}, {"aws_access_key_id": "AKIANOBODY0000000000"}, {"aws_session_token": "none"}):
        stranger = boto3.client("interconnect", config=Config(retries={"total_max_attempts": 1}), **{
            "aws_access_key_id": os.environ["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": os.environ["AWS_SECRET_ACCESS_KEY"], **keys})
        try:
            stranger.get_connection(identifier=made["id"])
        except ClientError as e:
            equal(e.response["ResponseMetadata"]["HTTPStatusCode"], 403, str(keys))
            assert e.response["Error"]["Code"] in ("InvalidSignatureException", "UnrecognizedClientException"), e.response
        else:
            raise AssertionError(f"a stranger was let in: {keys}")


def scripted(ic, made):
    """Every exception of every operation, as the sandbox is told to raise it."""
    model = ic.meta.service_model
    samples = {
        "activationKey": "a key", "attachPoint": {"directConnectGateway": os.environ["GATEWAY"]}, "arn": made["arn"],
        "identifier": made["id"], "id": ENVIRONMENT, "environmentId": ENVIRONMENT, "bandwidth": "1Gbps",
        "tags": {"a": "b"}, "tagKeys": ["a"],
    }
    for name in model.operation_names:
        operation = model.operation_model(name)
        call = getattr(ic, botocore.xform_name(name))
        arguments = {m: samples[m] for m in operation.input_shape.required_members}
        for shape in operation.error_shapes:
            fault(operation=name, kind="refuse", code=shape.name, status=shape.metadata["error"]["httpStatusCode"], message="scripted")
            equal(refused(ic, shape.name, call, **arguments), "scripted", name)


def retried(made):
    """boto3 tries again by itself what can be tried again."""
    patient = client(retries={"total_max_attempts": 3, "mode": "standard"})
    for trouble in ({"kind": "throttle"}, {"kind": "refuse"}, {"kind": "drop_request"}, {"kind": "drop_reply"}):
        fault(operation="GetConnection", **trouble)
        reply = patient.get_connection(identifier=made["id"])
        equal(reply["ResponseMetadata"]["RetryAttempts"], 1, str(trouble))


def deleted(ic, first, second):
    equal(ic.delete_connection(identifier=first["id"])["connection"]["state"], "deleting", "connection")
    equal(ic.delete_connection(identifier=first["id"])["connection"]["id"], first["id"], "deleted twice")
    wait(ic, "connection_deleted", first)
    transport("created", state="DEPROVISIONED")
    google("DELETE", "/accepted")
    gone("accepted")
    until("the end of traffic", lambda: ic.get_connection(identifier=second["id"])["connection"]["state"] == "down")
    try:
        wait(ic, "connection_available", second, attempts=2)
    except WaiterError as e:
        assert "terminal failure" in str(e), e
    else:
        raise AssertionError("a connection without a partner is available")
    ic.delete_connection(identifier=second["id"])
    wait(ic, "connection_deleted", second)
    google("DELETE", "/created")
    gone("created")
    equal(ic.list_connections()["connections"], [], "connections at the end")


def main(protocol):
    force(protocol)
    ic = client()
    equal(ic.meta.service_model.resolved_protocol, PROTOCOLS[protocol], "protocol")
    gateways()
    places(ic)
    first = created(ic)
    second = accepted(ic)
    up(ic, first, "created")
    up(ic, second, "accepted")
    changed(ic, first)
    listed(ic, first, second)
    exceptions(ic, first)
    retried(first)
    deleted(ic, first, second)
    print(json.dumps({name: sorted(names) for name, names in seen.items()}))


main(*sys.argv[1:])
