package awsend

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// The tags that mark a connection as a link's, so that a lost link is found
// again.
const (
	// TagLink holds the link's name.
	TagLink = ownPrefix + "link"
	// TagOwner holds the provider's owner; absent when none is configured.
	TagOwner = ownPrefix + "owner"
	// TagPrevious holds the bandwidth that a link had before it was taken over
	// apart from the link.
	TagPrevious = ownPrefix + "previous-bandwidth"
)

const (
	ownPrefix = "crosscloud:"
	// awsPrefix is reserved by AWS (CloudFormation registry schema).
	awsPrefix = "aws:"
	// The longest key and value (AWS service model, TagKey and TagValue).
	maxTagKey, maxTagValue = 128, 256
)

// markTags are the tags for a marker.
func markTags(m link.Marker) map[string]string {
	tags := map[string]string{TagLink: m.Name}
	if m.Owner != "" {
		tags[TagOwner] = m.Owner
	}
	return tags
}

// markOf is the marker that tags carry.
func markOf(tags map[string]string) link.Marker {
	return link.Marker{Name: tags[TagLink], Owner: tags[TagOwner]}
}

// withMark is the configuration's tags and the marker's.
func (c Config) withMark(m link.Marker) map[string]string {
	tags := maps.Clone(c.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	maps.Copy(tags, markTags(m))
	return tags
}

// claims says that the configuration sets, or used to set, a tag.
func (c Config) claims(key string) bool {
	_, set := c.Tags[key]
	return set || slices.Contains(c.Retired, key)
}

// splitTags parts the tags of a connection in those that the configuration
// claims and the others; our markers are in neither.
func splitTags(tags map[string]string, claims func(key string) bool) (own, foreign map[string]string) {
	own, foreign = map[string]string{}, map[string]string{}
	for k, v := range tags {
		switch {
		case strings.HasPrefix(k, ownPrefix):
		case claims != nil && claims(k):
			own[k] = v
		default:
			foreign[k] = v
		}
	}
	return own, foreign
}

// badTags says what is wrong with the configuration's tags, in the order of
// their keys.
func badTags(tags map[string]string) []string {
	var bad []string
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		switch {
		case strings.HasPrefix(strings.ToLower(k), awsPrefix), strings.HasPrefix(strings.ToLower(k), ownPrefix):
			bad = append(bad, fmt.Sprintf("the tag key %q begins with a reserved prefix", k))
		case k == "" || len([]rune(k)) > maxTagKey:
			bad = append(bad, fmt.Sprintf("the tag key %q must have 1 to %d characters", k, maxTagKey))
		case len([]rune(tags[k])) > maxTagValue:
			bad = append(bad, fmt.Sprintf("the value of tag %q must have at most %d characters", k, maxTagValue))
		}
	}
	return bad
}

// inOrder writes tags in the order of their keys, so that equal tags are written
// the same.
func inOrder(tags map[string]string) string { return fmt.Sprintf("%q", tags) }
