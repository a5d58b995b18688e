package sandbox_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox"
	sandboxaws "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/aws"
	sandboxgoogle "github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/google"
)

type object = map[string]any

// customer uses both clouds over the wire, as a customer of both does.
type customer struct {
	t              testing.TB
	ctx            context.Context
	aws, google    string
	gateway        string
	http           *http.Client
	awsEnvironment string
	// awsRegion and googleRegion are the environment's two sides.
	awsRegion, googleRegion string
}

func newCustomer(t testing.TB, aws, google, gateway string) *customer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &customer{t, ctx, aws, google, gateway, &http.Client{Transport: transport}, "mce-aws-gcp-iad", sandbox.DefaultAWSRegion, sandbox.DefaultGoogleRegion}
}

// do sends a request and reads the reply.
func (c *customer) do(req *http.Request) (int, object) {
	c.t.Helper()
	reply, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer reply.Body.Close()
	raw, err := io.ReadAll(reply.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	var out object
	if err := json.Unmarshal(raw, &out); err != nil {
		c.t.Fatalf("%s %s: %d %s", req.Method, req.URL, reply.StatusCode, raw)
	}
	return reply.StatusCode, out
}

// inAWS calls an operation of AWS Interconnect.
func (c *customer) inAWS(operation string, in object) (int, object) {
	c.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(c.ctx, http.MethodPost, c.aws+"/", bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.0")
	req.Header.Set("X-Amz-Target", "Interconnect."+operation)
	sum := sha256.Sum256(body)
	credentials := awssdk.Credentials{AccessKeyID: sandboxaws.DefaultAccessKeyID, SecretAccessKey: sandboxaws.DefaultSecretAccessKey}
	if err := v4.NewSigner().SignHTTP(c.ctx, credentials, req, hex.EncodeToString(sum[:]), "interconnect", c.awsRegion, time.Now()); err != nil {
		c.t.Fatal(err)
	}
	return c.do(req)
}

// connection calls an operation that answers a connection.
func (c *customer) connection(operation string, in object) object {
	c.t.Helper()
	status, out := c.inAWS(operation, in)
	conn, ok := out["connection"].(object)
	if status != http.StatusOK || !ok {
		c.t.Fatalf("%s: %d %v", operation, status, out)
	}
	return conn
}

// inGoogle calls Google about a transport; the path ends in its id and query.
func (c *customer) inGoogle(method, path string, in object) (int, object) {
	c.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		c.t.Fatal(err)
	}
	url := fmt.Sprintf("%s/v1/projects/%s/locations/%s/transports%s", c.google, sandboxgoogle.DefaultProject, c.googleRegion, path)
	req, err := http.NewRequestWithContext(c.ctx, method, url, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+sandboxgoogle.AccessToken)
	req.Header.Set("Content-Type", "application/json")
	return c.do(req)
}

// transport changes a transport; the operation's own end is not waited for.
func (c *customer) transport(method, path string, in object) {
	c.t.Helper()
	if status, out := c.inGoogle(method, path, in); status != http.StatusOK {
		c.t.Fatalf("%s %s: %d %v", method, path, status, out)
	}
}

// until looks again and again until it sees what it wants.
func (c *customer) until(what string, look func() (got any, done bool)) {
	c.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		got, done := look()
		if done {
			return
		}
		select {
		case <-tick.C:
		case <-c.ctx.Done():
			c.t.Fatalf("waiting for %s: %v", what, got)
		}
	}
}

// untilAWS waits until a connection has these members.
func (c *customer) untilAWS(id any, want object) {
	c.t.Helper()
	c.until(fmt.Sprintf("%v of %v", want, id), func() (any, bool) {
		got := c.connection("GetConnection", object{"identifier": id})
		return got, has(got, want)
	})
}

// untilGoogle waits until a transport has these members; nil wants it gone.
func (c *customer) untilGoogle(id string, want object) {
	c.t.Helper()
	c.until(fmt.Sprintf("%v of %s", want, id), func() (any, bool) {
		status, got := c.inGoogle(http.MethodGet, "/"+id, nil)
		if want == nil {
			return got, status == http.StatusNotFound
		}
		return got, has(got, want)
	})
}

func has(got, want object) bool {
	for k, v := range want {
		if got[k] != v {
			return false
		}
	}
	return true
}

// createAWS is the connection that AWS initiates.
func (c *customer) createAWS() object {
	return c.connection("CreateConnection", object{
		"bandwidth": "1Gbps", "environmentId": c.awsEnvironment,
		"attachPoint":   object{"directConnectGateway": c.gateway},
		"remoteAccount": object{"identifier": sandboxgoogle.DefaultProject},
	})
}

// walk makes a link from each side, changes the bandwidth of both, and deletes
// one from each side.
func (c *customer) walk() {
	c.t.Helper()
	first := c.createAWS()
	c.transport(http.MethodPost, "?transportId=first", object{"providedActivationKey": first["activationKey"], "network": sandbox.SeedNetwork})
	c.transport(http.MethodPost, "?transportId=second", object{
		"remoteProfile": "aws-" + sandbox.DefaultAWSRegion, "network": sandbox.SeedNetwork, "bandwidth": "BPS_1G",
		"remoteAccountId": sandboxaws.DefaultAccountID,
	})
	var key any
	c.until("Google's key", func() (any, bool) {
		_, got := c.inGoogle(http.MethodGet, "/second", nil)
		key = got["generatedActivationKey"]
		return got, key != nil && got["state"] == sandboxgoogle.StatePendingKey
	})
	second := c.connection("AcceptConnectionProposal", object{"activationKey": key, "attachPoint": object{"directConnectGateway": c.gateway}})
	for id, conn := range map[string]object{"first": first, "second": second} {
		c.untilAWS(conn["id"], object{"state": "available"})
		c.untilGoogle(id, object{"state": sandboxgoogle.StateActive})
	}
	if status, out := c.inAWS("AcceptConnectionProposal", object{"activationKey": key, "attachPoint": object{"directConnectGateway": c.gateway}, "clientToken": "again"}); status == http.StatusOK {
		c.t.Errorf("a used key is accepted: %v", out)
	}

	c.connection("UpdateConnection", object{"identifier": first["id"], "bandwidth": "2Gbps"})
	c.untilAWS(first["id"], object{"state": "available", "bandwidth": "2Gbps"})
	c.untilGoogle("first", object{"bandwidth": "BPS_2G"})
	c.transport(http.MethodPatch, "/second?updateMask=bandwidth", object{"bandwidth": "BPS_5G"})
	c.untilGoogle("second", object{"bandwidth": "BPS_5G"})
	c.untilAWS(second["id"], object{"state": "available", "bandwidth": "5Gbps"})

	c.transport(http.MethodDelete, "/first", nil)
	c.untilAWS(first["id"], object{"state": "down"})
	c.untilGoogle("first", nil)
	c.connection("DeleteConnection", object{"identifier": second["id"]})
	c.untilGoogle("second", object{"state": sandboxgoogle.StateDeprovisioned})
	c.connection("DeleteConnection", object{"identifier": first["id"]})
	c.transport(http.MethodDelete, "/second", nil)
	c.untilGoogle("second", nil)
	for _, conn := range []object{first, second} {
		c.until("the connection's end", func() (any, bool) {
			status, out := c.inAWS("GetConnection", object{"identifier": conn["id"]})
			if status == http.StatusNotFound {
				return out, true
			}
			got, _ := out["connection"].(object)
			return out, got["state"] == "deleted"
		})
	}
}

var errNoAnswer = errors.New("the other process ended without an answer")
