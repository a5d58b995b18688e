// Package schemajson turns what a provider says of itself over plugin protocol
// 6 into the JSON that `terraform providers schema -json` prints.
//
// The shape is terraform-json's ProviderSchemas. Two things the protocol has
// are not in it and are lost: the text of deprecation messages of attributes
// and blocks (the flag stays), and provider_meta.
package schemajson
