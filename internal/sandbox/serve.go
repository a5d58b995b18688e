package sandbox

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/sandbox/control"
)

// door is what listens at an address, and where its URL is kept.
type door struct {
	address string
	handler http.Handler
	url     *string
}

// open serves the clouds that run here, and the control API where it is wanted.
func (s *Sandbox) open(ctx context.Context, cfg Config) error {
	var doors []door
	if s.AWS != nil {
		doors = append(doors, door{cfg.AWSAddress, cfg.front(DoorAWS, s.AWS), &s.AWSURL})
	}
	if s.Google != nil {
		doors = append(doors, door{cfg.GoogleAddress, cfg.front(DoorGoogle, s.Google), &s.GoogleURL})
	}
	if cfg.ControlAddress != "" {
		doors = append(doors, door{cfg.ControlAddress, control.New(s.State), &s.ControlURL})
	}
	for _, d := range doors {
		url, err := s.serve(ctx, d.address, d.handler)
		if err != nil {
			return err
		}
		*d.url = url
	}
	return nil
}

// serve listens on a loopback address and returns its URL.
func (s *Sandbox) serve(ctx context.Context, address string, h http.Handler) (string, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	if err := loopback(address); err != nil {
		return "", err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return "", fmt.Errorf("listening for the sandbox: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	s.servers = append(s.servers, server)
	s.done.Go(func() { _ = server.Serve(listener) })
	return "http://" + listener.Addr().String(), nil
}

// loopback refuses addresses that others could reach.
func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("the sandbox's address %q is not host:port: %w", address, err)
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("the sandbox listens on loopback only: %q is not 127.0.0.1 or [::1]", address)
}
