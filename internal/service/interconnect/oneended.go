package interconnect

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/activation"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// alone is the cloud whose end alone is ours; empty where both are.
func (m *model) alone() string {
	switch {
	case m.AWS == nil && m.Google != nil:
		return cloudGoogle
	case m.Google == nil && m.AWS != nil:
		return cloudAWS
	}
	return ""
}

// proposes and accepts say that ours is one end, and which: the one that issues
// the activation key or the one that redeems another team's.
func (m *model) proposes() bool { return m.alone() != "" && m.side(m.alone()) == link.Initiator }
func (m *model) accepts() bool  { return m.alone() != "" && m.side(m.alone()) == link.Acceptor }

// key is the other team's activation key in a configuration; zero while it is
// not known. Blanks around it are what shells and files add.
func (m *model) key() activation.Key {
	return activation.NewKey(strings.TrimSpace(m.ActivationKey.ValueString()))
}

// milestone is how far an apply waits where the configuration does not say: an
// initiator whose partner is another team's would wait for that team.
func (m *model) milestone() link.Milestone {
	if m.proposes() {
		return link.Requested
	}
	return link.Available
}

// told puts into the link what the configuration was told of another team's end.
func (m *model) told(l *link.Link) {
	switch m.alone() {
	case cloudAWS:
		l.Peer = googleend.Descriptor()
	case cloudGoogle:
		l.Peer = awsend.Descriptor()
	default:
		return
	}
	l.SharedID = m.SharedID.ValueString()
	if p := m.Peer; p != nil {
		l.PeerSite = link.Site{Account: p.Account.ValueString(), Region: p.Region.ValueString()}
		if l.SharedID == "" {
			l.SharedID = p.SharedID.ValueString()
		}
	}
}

// settled says that a pairing is all that a link with one end of ours comes to:
// the other end is not ours to see.
func (m *model) settled(p link.Pairing) bool { return m.alone() != "" && p.Status == link.Unverified }

// aloneMark in front of an import id says that only the named end is ours.
const aloneMark = "one-ended:"

// importID is what to import the link by; v says which connection exists, which
// the model may not know.
func (m *model) importID(v link.View) string {
	switch m.alone() {
	case cloudAWS:
		return aloneMark + m.AWS.Region.ValueString() + "/" + v[m.side(cloudAWS)].ID
	case cloudGoogle:
		return aloneMark + m.transportName()
	}
	return m.transportName()
}

// validateOneEnded refuses what does not fit the ends that are given.
func validateOneEnded(c *model) diag.Diagnostics {
	var diags diag.Diagnostics
	if c.AWS == nil && c.Google == nil {
		diags.AddError("A link without an end", "Give aws and google, or, where another team owns the other end, only one of them.")
		return diags
	}
	if c.alone() == "" {
		const both = "Both ends are this configuration's: the provider passes the activation key from one to the other itself. Remove it, or remove the end that belongs to another team."
		if c.Peer != nil {
			diags.AddAttributeError(path.Root("peer"), "Only with one end", both)
		}
		if !c.ActivationKey.IsNull() {
			diags.AddAttributeError(path.Root("activation_key_wo"), "Only with one end", both)
		}
		return diags
	}
	diags.Append(validatePeer(c.Peer, other(c.alone()))...)
	if c.Initiator.IsUnknown() || c.accepts() {
		return diags
	}
	if !c.ActivationKey.IsNull() {
		diags.AddAttributeError(path.Root("activation_key_wo"), "The initiator redeems no key",
			fmt.Sprintf("The only end of this configuration is the initiator: it issues a key. Remove activation_key_wo, or set initiator to %q.", other(c.alone())))
	}
	if c.Peer == nil || c.Peer.Account.IsNull() {
		diags.AddAttributeError(path.Root("peer").AtName("account"), "Missing peer.account",
			"The only end of this configuration is the initiator: its activation key names who may redeem it.\n\nWhat to do: Set peer.account to "+accountWord(other(c.alone()))+" of the other team.")
	}
	return diags
}

// validatePeer holds what is said of the other end to the forms of its cloud.
func validatePeer(p *peerModel, cloud string) diag.Diagnostics {
	var diags diag.Diagnostics
	if p == nil {
		return diags
	}
	account, region := project, googleRegion
	example := `of a Google Cloud region, such as "us-east4"`
	if cloud == cloudAWS {
		account, region, example = awsAccount, awsRegion, `of an AWS region, such as "us-east-1"`
	}
	if !p.Account.IsNull() && !p.Account.IsUnknown() && !account.MatchString(p.Account.ValueString()) {
		diags.AddAttributeError(path.Root("peer").AtName("account"), "Invalid value",
			fmt.Sprintf("%q cannot be %s of the other team.", p.Account.ValueString(), accountWord(cloud)))
	}
	if !p.Region.IsNull() && !p.Region.IsUnknown() && !region.MatchString(p.Region.ValueString()) {
		diags.AddAttributeError(path.Root("peer").AtName("region"), "Invalid value",
			fmt.Sprintf("%q does not have the form %s: the other end is on that cloud.", p.Region.ValueString(), example))
	}
	return diags
}

// other is the other of the two clouds.
func other(cloud string) string {
	if cloud == cloudAWS {
		return cloudGoogle
	}
	return cloudAWS
}

// accountWord is what a cloud calls an account.
func accountWord(cloud string) string {
	if cloud == cloudAWS {
		return "the AWS account id"
	}
	return "the Google Cloud project id"
}

// missingKey is the error of an acceptor that is to be made without a key.
func missingKey() diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("activation_key_wo"), "No activation key is given",
		"The initiator belongs to another team, and only the activation key that it issued joins this end to it.\n\n"+
			"What exists now: Nothing was created or changed.\n\n"+
			"What to do: Ask that team for the key and give it as activation_key_wo.")
}

// usedKey is the error of a key that made the link that is to be replaced.
func usedKey(state *model) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("activation_key_wo"), "The activation key is used up",
		fmt.Sprintf("The key is of link %s, which this end has been joined to: a key opens one link, once.\n\n"+
			"What exists now: The link is as it was.\n\n"+
			"What to do: Ask the other team for the key of a new link.", state.SharedID.ValueString()))
}

// waitWarning tells what an apply waits for that another team has to do.
func waitWarning(m *model) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("wait_for"), "The apply waits for the other team",
		fmt.Sprintf("wait_for is %q: the apply ends once the other team has redeemed the activation key, or when the time for it runs out. "+
			"Until then nothing that depends on this link is applied, an ephemeral crosscloud_activation_key among it.\n\n"+
			"What to do: Leave wait_for out, unless the key reaches the other team by another way.", m.WaitFor.ValueString()))
}

// strays are the attributes whose change replaces a link of one end and that the
// schema cannot mark, because it depends on other attributes.
func (m *model) strays(state *model) path.Paths {
	var paths path.Paths
	if (m.AWS == nil) != (state.AWS == nil) {
		paths = append(paths, path.Root(cloudAWS))
	}
	if (m.Google == nil) != (state.Google == nil) {
		paths = append(paths, path.Root(cloudGoogle))
	}
	if p, sp := m.Peer, state.Peer; m.proposes() && p != nil && sp != nil {
		if !p.Account.Equal(sp.Account) {
			paths = append(paths, path.Root("peer").AtName("account"))
		}
		if !p.Region.Equal(sp.Region) && !sp.Region.IsNull() {
			paths = append(paths, path.Root("peer").AtName("region"))
		}
	}
	if m.accepts() && !m.KeyVersion.IsNull() && !state.KeyVersion.IsNull() && !m.KeyVersion.Equal(state.KeyVersion) {
		paths = append(paths, path.Root("activation_key_wo_version"))
	}
	return paths
}

// renewed says that a key is of another link than the state's: a link that lost
// its partner is made anew only with a new key.
func renewed(key activation.Key, state *model) bool {
	p, err := key.Decode()
	return err == nil && !strings.EqualFold(p.SharedID, state.SharedID.ValueString())
}

// handOver tells how an end changes hands without being made anew.
func handOver() diag.Diagnostic {
	return diag.NewWarningDiagnostic("The link is to be replaced",
		"The configuration has other ends than the state: the plan removes the link and makes a new one.\n\n"+
			"What to do: To hand one end of a working link to another team, remove the link from the state (a removed block with destroy = false) "+
			"and import the end that stays, with \""+aloneMark+"\" in front of its id. To take an end over, the same with the id alone.")
}

// leftBehind tells what becomes of the other team's end when ours is removed.
func leftBehind(m *model) diag.Diagnostic {
	theirs := "The transport of the other team stays, in state DEPROVISIONED, until that team removes it. It carries no traffic and cannot be joined again: its activation key is used up."
	if m.alone() == cloudGoogle {
		theirs = "The connection of the other team stays and is billed until that team removes it: Google does not delete it. It carries no traffic and cannot be joined again: its activation key is used up."
	}
	if s := m.status(); s == link.StatusAwaiting(cloudAWS) || s == link.StatusAwaiting(cloudGoogle) {
		theirs = "The other team has not redeemed the activation key, so it has nothing to remove. The key is void from then on."
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf("The other end of the link %s belongs to another team", m.Name.ValueString()),
		"The plan removes the end of this configuration. "+theirs+"\n\nWhat to do: Tell the other team.")
}
