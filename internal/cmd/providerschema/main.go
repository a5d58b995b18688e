// Command providerschema prints the provider's schema as JSON, in the form of
// `terraform providers schema -json`.
//
// The documentation pages are generated from it. It asks the provider itself,
// in this process, so that the pages do not depend on which Terraform is
// installed: older ones leave out what they do not know (identities, list
// resources, actions).
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"

	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cmd/providerschema/schemajson"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/provider"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "providerschema:", err)
		os.Exit(1)
	}
}

// run writes the provider's schema to out.
func run(ctx context.Context, out io.Writer) error {
	p := provider.New("dev")()
	var about fwprovider.MetadataResponse
	p.Metadata(ctx, fwprovider.MetadataRequest{}, &about)

	server, err := providerserver.NewProtocol6WithError(p)()
	if err != nil {
		return fmt.Errorf("start the provider in process: %w", err)
	}
	schema, err := schemajson.FromServer(ctx, server)
	if err != nil {
		return err
	}
	return schemajson.Write(out, about.TypeName, schema)
}
