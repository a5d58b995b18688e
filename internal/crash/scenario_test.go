package crash

// scenario is one piece of a link's life: what is there before, what is done
// under trouble, and what is to be there at last.
type scenario struct {
	name string
	// before is applied in peace first; nil is nothing.
	before map[string]any
	// forget loses the state after before.
	forget bool
	// bringID imports the link under this id before the apply.
	bringID string
	// after is applied under trouble; nil destroys.
	after map[string]any
	// twice applies after from two checkouts at once, each with a state of its
	// own. Only one of them is killed.
	twice bool
	// giveUp destroys straight after an apply that failed, instead of applying
	// again: what the failed apply has saved must be all that exists. An engine
	// that was killed has saved nothing, so that such a scenario knows no kills.
	giveUp bool
	// status is the pairing that after comes to; empty is matched.
	status string
	// alone is the cloud of the one end that is ours, and the only one that our
	// provider knows; empty is both. Before an acceptor's scenario, the other
	// team has issued a key.
	alone string
}

// wantStatus is the pairing that the scenario comes to.
func (s scenario) wantStatus() string {
	if s.status == "" {
		return "matched"
	}
	return s.status
}

// settings is a configuration of the resource, with changes.
func settings(change func(c, aws, google map[string]any)) map[string]any {
	aws := map[string]any{"region": "us-east-1", "tags": map[string]string{"team": "ml"}}
	google := map[string]any{"project": "sandbox-project", "region": "us-east4", "network": "default", "advertised_routes": []string{"10.0.0.0/16"}}
	c := map[string]any{"name": "crash", "bandwidth": "1Gbps", "aws": aws, "google": google}
	if change != nil {
		change(c, aws, google)
	}
	return c
}

func scenarios() []scenario {
	type m = map[string]any
	plain := settings(nil)
	googleFirst := settings(func(c, _, _ m) { c["initiator"] = "google" })
	return []scenario{
		{name: "create, AWS first", after: plain},
		{name: "create, Google first", after: googleFirst},
		{name: "create, AWS first, and give up", after: plain, giveUp: true},
		{name: "create, Google first, and give up", after: googleFirst, giveUp: true},
		{name: "create from two checkouts at once, AWS first", after: plain, twice: true},
		{name: "create from two checkouts at once, Google first", after: googleFirst, twice: true},
		{name: "propose alone, AWS", alone: "aws", after: proposer("aws"), status: "awaiting_google"},
		{name: "propose alone, Google", alone: "google", after: proposer("google"), status: "awaiting_aws"},
		{name: "propose alone, AWS, and give up", alone: "aws", after: proposer("aws"), status: "awaiting_google", giveUp: true},
		{name: "propose alone, Google, and give up", alone: "google", after: proposer("google"), status: "awaiting_aws", giveUp: true},
		{name: "accept alone, AWS", alone: "aws", after: acceptor("aws"), status: "unverified"},
		{name: "accept alone, Google", alone: "google", after: acceptor("google"), status: "unverified"},
		{name: "accept alone, AWS, and give up", alone: "aws", after: acceptor("aws"), status: "unverified", giveUp: true},
		{name: "accept alone, Google, and give up", alone: "google", after: acceptor("google"), status: "unverified", giveUp: true},
		{name: "bandwidth up", before: plain, after: settings(func(c, _, _ m) { c["bandwidth"] = "10Gbps" })},
		{name: "routes, tags and description", before: plain, after: settings(func(c, a, g m) {
			c["description"] = "other words"
			a["tags"] = map[string]string{"stage": "prod"}
			g["labels"] = map[string]string{"stage": "prod"}
			g["advertised_routes"] = []string{"10.1.0.0/16", "10.2.0.0/16"}
		})},
		{name: "move to another network", before: plain, after: settings(func(_, _, g m) { g["network"] = "other" })},
		{name: "destroy", before: plain},
		{name: "import", before: plain, forget: true, bringID: "projects/sandbox-project/locations/us-east4/transports/crash", after: plain},
		{name: "adopt", before: plain, forget: true, after: plain},
	}
}
