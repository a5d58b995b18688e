package coordinator

import "net/http"

// operation answers one operation of the API: what it returns is the reply's
// body.
type operation func(*Node, *request) (any, error)

// methods are the operations of a path.
type methods map[string]operation

// routes registers every path of the OpenAPI document, and the one for routes.
func (n *Node) routes() *http.ServeMux {
	const (
		provider     = "/providers/{provider}"
		environment  = provider + "/environments/{environment}"
		interconnect = environment + "/interconnects/{interconnect}"
		channel      = interconnect + "/channels/{channel}"
		connection   = interconnect + "/connections/{connection}"
		issue        = provider + "/issues/{issue}"
	)
	mux := http.NewServeMux()
	for path, on := range map[string]methods{
		"/providers":                            {http.MethodGet: (*Node).listProviders},
		provider:                                {http.MethodGet: (*Node).getProvider},
		provider + "/environments":              {http.MethodGet: (*Node).listEnvironments},
		environment:                             {http.MethodGet: (*Node).getEnvironment},
		environment + "/ConfirmActivationKey":   {http.MethodPost: (*Node).confirmActivationKey},
		environment + "/interconnects":          {http.MethodGet: (*Node).listInterconnects},
		interconnect:                            {http.MethodGet: (*Node).getInterconnect},
		interconnect + "/channels":              {http.MethodGet: (*Node).listChannels},
		channel:                                 {http.MethodGet: (*Node).getChannel},
		channel + "/NotifyMaintenance":          {http.MethodPost: (*Node).notifyMaintenance},
		channel + "/RequestMacSecKeyRotation":   {http.MethodPost: (*Node).requestMACsecKeyRotation},
		channel + "/maintenanceEvents":          {http.MethodGet: (*Node).getMaintenanceEvents},
		channel + "/macSecKeys":                 {http.MethodGet: (*Node).listMACsecKeys, http.MethodPost: (*Node).createMACsecKey},
		channel + "/macSecKeys/{macSecKey}":     {http.MethodGet: (*Node).getMACsecKey, http.MethodDelete: (*Node).deleteMACsecKey},
		interconnect + "/connections":           {http.MethodGet: (*Node).listConnections, http.MethodPost: (*Node).createConnection},
		connection:                              {http.MethodGet: (*Node).getConnection, http.MethodPatch: (*Node).updateConnection, http.MethodDelete: (*Node).deleteConnection},
		connection + "/GenerateFeatureGuidance": {http.MethodPost: (*Node).generateFeatureGuidance},
		connection + "/NotifyConnectionStatus":  {http.MethodPost: (*Node).notifyConnectionStatus},
		connection + "/AdvertiseRoutes":         {http.MethodPost: (*Node).advertiseRoutes},
		connection + "/features":                {http.MethodGet: (*Node).listFeatures, http.MethodPost: (*Node).createFeature},
		connection + "/features/{feature}":      {http.MethodGet: (*Node).getFeature, http.MethodDelete: (*Node).deleteFeature},
		provider + "/issues":                    {http.MethodGet: (*Node).listIssues, http.MethodPost: (*Node).createIssue},
		issue:                                   {http.MethodGet: (*Node).getIssue},
		issue + "/Close":                        {http.MethodPost: (*Node).closeIssue},
		issue + "/comments":                     {http.MethodGet: (*Node).listComments},
		issue + "/AddComment":                   {http.MethodPost: (*Node).addComment},
	} {
		mux.Handle(path, n.handler(on))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		reply(w, nil, refuse(http.StatusNotFound, "%s is not a path of this API", r.URL.Path))
	})
	return mux
}
