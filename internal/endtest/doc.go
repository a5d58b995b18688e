// Package endtest is one conformance suite that every end of a link passes:
// against the sandbox in every test run, and, given credentials, against the
// real clouds.
//
// A Bench says how the ends are made and what may be spent; Run runs one subtest
// for each clause of link.End's contract. A third cloud's end joins by a Bench of
// its own.
//
// # On real clouds
//
// "make test-real" sets CROSSCLOUD_REAL=1. Credentials are what the AWS SDK and
// Google's Application Default Credentials find. These variables say where:
//
//   - CROSSCLOUD_REAL_AWS_REGION and CROSSCLOUD_REAL_AWS_GATEWAY_ID: the region,
//     and a Direct Connect gateway that the environment takes.
//   - CROSSCLOUD_REAL_GOOGLE_PROJECT, CROSSCLOUD_REAL_GOOGLE_REGION and
//     CROSSCLOUD_REAL_GOOGLE_NETWORK: the project, the region at the other end
//     of the environment, and a VPC network of the project.
//   - CROSSCLOUD_REAL_AWS_OTHER_REGION and CROSSCLOUD_REAL_GOOGLE_OTHER_REGION:
//     regions in which each cloud offers links, but with no environment to the
//     region chosen at the other. Without them that clause is skipped.
//
// All of that only reads. With CROSSCLOUD_REAL_ALLOW_COST=1 the run also makes
// one link, which costs money until it is removed at the end of the run, and
// makes nothing else:
//
//   - CROSSCLOUD_REAL_END: whose clauses are tried on the link, "aws" (the
//     default) or "google". The other cloud's end is the partner.
//   - CROSSCLOUD_REAL_INITIATOR: who issues the key, "aws" (the default) or
//     "google".
//   - CROSSCLOUD_REAL_BANDWIDTH: the link's bandwidth; "500Mbps", the smallest
//     tier, unless it is set.
package endtest
