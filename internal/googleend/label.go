package googleend

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// Labels that every transport of ours carries. The prefix is reserved for them.
const (
	labelPrefix   = "crosscloud-"
	labelLink     = labelPrefix + "link"
	labelOwner    = labelPrefix + "owner"
	labelSharedID = labelPrefix + "shared-id"
)

// Limits of a label's value (Google Cloud documentation, requirements for
// labels): at most 63 lower-case letters, digits, dashes and underscores.
const (
	maxLabel = 63
	// hashLength is how many hexadecimal digits tell apart owners whose
	// labels would be the same.
	hashLength = 12
)

var (
	illegalInLabel = regexp.MustCompile(`[^a-z0-9_-]`)
	// hashed is how a label ends that was shortened or changed. An owner that
	// ends so by itself is treated as changed, so that it meets no other's label.
	hashed = regexp.MustCompile(`-[0-9a-f]{12}$`)
)

// OwnerLabel is an owner in the form of a label's value: lower case, with "_"
// for what a label may not contain. Different owners give different labels: where
// the mapping loses something, a short hash of the owner is appended.
func OwnerLabel(owner string) string {
	label := illegalInLabel.ReplaceAllString(strings.ToLower(owner), "_")
	if label == owner && len(label) <= maxLabel && !hashed.MatchString(label) {
		return label
	}
	sum := sha256.Sum256([]byte(owner))
	room := maxLabel - hashLength - 1
	return label[:min(len(label), room)] + "-" + hex.EncodeToString(sum[:])[:hashLength]
}

// markers are the labels that say whose a transport is. The shared id is left out
// while it is not known, and the owner while there is none.
func markers(m link.Marker, sharedID string) map[string]string {
	labels := map[string]string{labelLink: m.Name}
	if m.Owner != "" {
		labels[labelOwner] = OwnerLabel(m.Owner)
	}
	if sharedID != "" {
		labels[labelSharedID] = strings.ToLower(sharedID)
	}
	return labels
}

// markOf is the marker that labels carry. A label cannot be turned back into the
// owner, so the owner is the label's text.
func markOf(labels map[string]string) link.Marker {
	return link.Marker{Name: labels[labelLink], Owner: labels[labelOwner]}
}

// recognise puts the marker asked for in place of the labels' texts where they
// are its labels.
func recognise(mark, asked link.Marker) link.Marker {
	if mark.Owner == OwnerLabel(asked.Owner) {
		mark.Owner = asked.Owner
	}
	return mark
}

// WithoutMarkers are labels without those that mark whose a transport is.
func WithoutMarkers(labels map[string]string) map[string]string {
	own := map[string]string{}
	for k, v := range labels {
		if !strings.HasPrefix(k, labelPrefix) {
			own[k] = v
		}
	}
	return own
}
