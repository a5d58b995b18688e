package google

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// States of a hub and of a spoke (discovery document, Hub.state, Spoke.state).
const (
	hubCreating   = "CREATING"
	hubActive     = "ACTIVE"
	hubUpdating   = "UPDATING"
	hubDeleting   = "DELETING"
	spokeInactive = "INACTIVE"
)

// Topologies of a hub (discovery document, Hub.presetTopology).
const (
	topologyMesh = "MESH"
	topologyStar = "STAR"
)

// hub is a Network Connectivity Center hub, as far as transports need one. The
// lock guards it.
type hub struct {
	project          project
	id               string
	uid              string
	created, updated time.Time
	labels           map[string]string
	description      string
	topology         string
	exportPSC        bool
	state            string
}

// globalParent is where hubs and their operations lie.
func globalParent(p project) string { return "projects/" + p.id + "/locations/" + globalLocation }

// hubName is a hub's full name.
func hubName(p project, id string) string { return globalParent(p) + "/hubs/" + id }

// name is the hub's full name.
func (h *hub) name() string { return hubName(h.project, h.id) }

// hubBody is a Hub as a caller sends it.
type hubBody struct {
	labels      map[string]string
	description string
	policy      string
	topology    string
	exportPSC   bool
	present     map[string]bool
}

// fields describes the message. Fields that concern nothing a link needs are
// accepted and not kept.
func (b *hubBody) fields(v version) []field {
	enum := v.message("")
	all := []field{
		textMap("labels", &b.labels),
		text("description", &b.description),
		choice("policyMode", enum+"PolicyMode", []string{"POLICY_MODE_UNSPECIFIED", "PRESET"}, &b.policy),
		choice("presetTopology", enum+"PresetTopology", []string{"PRESET_TOPOLOGY_UNSPECIFIED", topologyMesh, topologyStar, "HYBRID_INSPECTION"}, &b.topology),
		flag("exportPsc", &b.exportPSC),
	}
	for _, name := range []string{"name", "createTime", "updateTime", "uniqueId", "state", "routingVpcs", "routeTables", "spokeSummary", "exportPscConfig"} {
		all = append(all, outputOnly(name))
	}
	return all
}

// readHub reads a call's body.
func readHub(k *call) (*hubBody, *apiError) {
	b := &hubBody{}
	var fail *apiError
	if b.present, fail = decode("hub", k.body, b.fields(k.version)); fail != nil {
		return nil, fail
	}
	return b, checkLabels(b.labels)
}

// hubResource is a hub on the wire (discovery document, Hub).
type hubResource struct {
	Type           string            `json:"@type,omitempty"`
	Name           string            `json:"name"`
	CreateTime     string            `json:"createTime"`
	UpdateTime     string            `json:"updateTime"`
	Labels         map[string]string `json:"labels,omitempty"`
	Description    string            `json:"description,omitempty"`
	UniqueID       string            `json:"uniqueId"`
	State          string            `json:"state"`
	RouteTables    []string          `json:"routeTables"`
	SpokeSummary   *spokeSummary     `json:"spokeSummary,omitempty"`
	PolicyMode     string            `json:"policyMode"`
	PresetTopology string            `json:"presetTopology"`
	ExportPSC      bool              `json:"exportPsc,omitempty"`
}

// resource writes the hub; ref is how references write the project. The lock is
// held.
func (c *Cloud) hubResource(h *hub, ref string) hubResource {
	return hubResource{
		Name: h.name(), CreateTime: stamp(h.created), UpdateTime: stamp(h.updated),
		Labels: maps.Clone(h.labels), Description: h.description, UniqueID: h.uid, State: h.state,
		RouteTables:  []string{"projects/" + ref + "/locations/global/hubs/" + h.id + "/routeTables/default"},
		SpokeSummary: summarise(c.spokesOf(h)), PolicyMode: "PRESET", PresetTopology: h.topology, ExportPSC: h.exportPSC,
	}
}

// hubResponse writes the hub as an operation carries it: with the project's
// number in references, and without labels (both recorded). The lock is held.
func (c *Cloud) hubResponse(h *hub, v version) hubResource {
	r := c.hubResource(h, h.project.ref())
	r.Type, r.Labels = v.typeURL("Hub"), nil
	return r
}

// hubNamed finds the hub that a call names. The lock is held.
func (c *Cloud) hubNamed(k *call) (*hub, *apiError) {
	name := named("hubs")(k)
	if h, ok := c.hubs[name]; ok {
		return h, nil
	}
	return nil, missing(name)
}

// getHub answers hubs.get.
func (c *Cloud) getHub(k *call) (any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, fail := c.hubNamed(k)
	if fail != nil {
		return nil, fail
	}
	return c.hubResource(h, h.project.id), nil
}

// listHubs answers hubs.list.
func (c *Cloud) listHubs(k *call) (any, *apiError) {
	l, fail := readListing(k.query, k.parent()+"/hubs", "pageSize", maxPage, "name", "labels.")
	if fail != nil {
		return nil, fail
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []hubResource
	for _, h := range c.hubs {
		if h.project == k.project {
			all = append(all, c.hubResource(h, h.project.id))
		}
	}
	hubs, next := page(l, all, func(r hubResource) string { return r.Name }, func(r hubResource, field string) string {
		if label, ok := strings.CutPrefix(field, "labels."); ok {
			return r.Labels[label]
		}
		return r.Name
	})
	return struct {
		Hubs          []hubResource `json:"hubs,omitempty"`
		NextPageToken string        `json:"nextPageToken,omitempty"`
	}{hubs, next}, nil
}

// createHub answers hubs.create.
func (c *Cloud) createHub(k *call) (any, *apiError) {
	body, fail := readHub(k)
	if fail != nil {
		return nil, fail
	}
	return c.changeHub(k, "create", func() (*hub, change, *apiError) {
		h := &hub{
			project: k.project, id: k.query.Get("hubId"), created: c.now(), updated: c.now(), labels: body.labels,
			description: body.description, topology: body.topology, exportPSC: body.exportPSC, state: hubCreating,
		}
		if h.topology == "" {
			h.topology = topologyMesh
		}
		if !nameForm.MatchString(h.id) {
			return nil, change{}, refuse(invalidArgument, "Invalid value for field 'hub_id': %q. Must be a match of regex '%s'", h.id, nameForm)
		}
		if _, taken := c.hubs[h.name()]; taken {
			return nil, change{}, refuse(alreadyExists, "Resource '%s' already exists", h.name())
		}
		h.uid = c.uuid()
		c.hubs[h.name()] = h
		return h, change{}, nil
	})
}

// patchHub answers hubs.patch: description, labels and exportPsc can be changed.
func (c *Cloud) patchHub(k *call) (any, *apiError) {
	body, fail := readHub(k)
	if fail != nil {
		return nil, fail
	}
	paths := slices.Sorted(maps.Keys(body.present))
	if mask := k.query.Get("updateMask"); mask != "" {
		paths = strings.Split(mask, ",")
	}
	var todo change
	for _, path := range paths {
		switch snake(strings.TrimSpace(path)) {
		case "labels":
			todo.edit.Labels = &body.labels
		case "description":
			todo.edit.Description = &body.description
		case "export_psc":
			todo.edit.ExportPSC = &body.exportPSC
		default:
			return nil, unknownPath(path)
		}
	}
	return c.changeHub(k, "update", func() (*hub, change, *apiError) {
		h, fail := c.idleHub(k)
		if fail == nil {
			h.state = hubUpdating
		}
		return h, todo, fail
	})
}

// deleteHub answers hubs.delete. A hub that something hangs on is refused; the
// code is inferred.
func (c *Cloud) deleteHub(k *call) (any, *apiError) {
	return c.changeHub(k, "delete", func() (*hub, change, *apiError) {
		h, fail := c.idleHub(k)
		if fail != nil {
			return nil, change{}, fail
		}
		for _, t := range c.transports {
			if t.project == h.project && t.hub == h.id {
				return nil, change{}, refuse(failedPrecondition, "The resource '%s' is used by '%s'", h.name(), t.name())
			}
		}
		h.state = hubDeleting
		return h, change{}, nil
	})
}

// idleHub finds the hub that a call names unless somebody is changing it. The
// lock is held.
func (c *Cloud) idleHub(k *call) (*hub, *apiError) {
	h, fail := c.hubNamed(k)
	if fail == nil && h.state != hubActive {
		return nil, busy()
	}
	return h, fail
}

// changeHub starts an operation on a hub, unless the request id is known. admit
// finds or makes the hub, with the lock held.
func (c *Cloud) changeHub(k *call, verb string, admit func() (*hub, change, *apiError)) (any, *apiError) {
	requestID := k.query.Get("requestId")
	if fail := checkRequestID(requestID); fail != nil {
		return nil, fail
	}
	request := requestKey(verb+" hub", named("hubs")(k), requestID)
	c.mu.Lock()
	defer c.mu.Unlock()
	if op, again := c.requests.find(c.now(), request); again {
		return op.resource(), nil
	}
	h, todo, fail := admit()
	if fail != nil {
		return nil, fail
	}
	op := c.start(verb, k.version, globalParent(h.project), h.name())
	if request != "" {
		c.requests.keep(c.now(), request, op)
	}
	c.after(c.cfg.Timing.Operation, step{do: endTheHubChange, op: op, change: todo})
	return op.resource(), nil
}

// finishHub ends an operation on a hub.
func (c *Cloud) finishHub(op *operation, todo change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, ok := c.hubs[op.target]
	if !ok {
		c.end(op, missing(op.target), nil)
		return
	}
	if op.verb == "delete" {
		delete(c.hubs, op.target)
		c.end(op, nil, emptyResponse{Type: emptyType})
		return
	}
	h.state, h.updated = hubActive, c.now()
	replace(&h.labels, todo.edit.Labels)
	replace(&h.description, todo.edit.Description)
	replace(&h.exportPSC, todo.edit.ExportPSC)
	c.end(op, nil, c.hubResponse(h, op.version))
}
