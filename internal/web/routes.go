package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"jinghe/internal/web/api"
	"jinghe/internal/web/edge"
)

// Route is one line of the table of routes.
type Route struct {
	Method string
	Path   string // as registered, with :parameters
	May    edge.Permission
}

// Routes lists what the server answers, pages first.
func (s *Server) Routes() []Route { return s.routes }

// mount registers every route. The permission stands on the line of its route.
func (s *Server) mount() error {
	p := s.portal
	s.get("/", edge.Visitor, p.Home)
	s.get("/search", edge.Visitor, p.Search)
	s.get("/opportunities", edge.Visitor, p.Opportunities)
	s.get("/opportunities/:id", edge.Visitor, p.Opportunity)
	s.get("/opportunities/:id/matches", edge.Visitor, p.OpportunityMatches)
	s.get("/capabilities", edge.Visitor, p.Capabilities)
	s.get("/capabilities/:id", edge.Visitor, p.Capability)
	s.get("/capabilities/:id/matches", edge.Visitor, p.CapabilityMatches)
	s.get("/organisations/:id", edge.Visitor, p.Organisation)
	s.get("/about", edge.Visitor, p.About)
	s.get("/preferences", edge.Visitor, p.Preferences)

	s.get("/assets/:name", edge.Visitor, s.asset)
	s.get("/favicon.ico", edge.Visitor, s.icon)
	s.get("/robots.txt", edge.Visitor, s.robots)

	s.get("/healthz", edge.Visitor, s.healthz)
	s.get("/readyz", edge.Visitor, s.readyz)
	s.get("/metrics", edge.Operator, echo.WrapHandler(s.figures.handler()))

	v1, err := api.Mount(s.echo, api.Config{
		Services: s.services, Now: s.config.Now, Version: s.config.Version, Allow: s.allow,
		PublicURL: s.config.PublicURL, Log: s.config.Log,
	})
	if err != nil {
		return err
	}
	for _, o := range v1.Operations() {
		s.routes = append(s.routes, Route{o.Method, o.Path, o.May})
	}
	s.get("/developers", edge.Visitor, p.Reference(v1.Reference()))
	return nil
}

// get registers a handler for GET and HEAD behind its permission.
func (s *Server) get(path string, may edge.Permission, h echo.HandlerFunc) {
	guarded := func(c echo.Context) error {
		if err := s.allow(c, may); err != nil {
			return err
		}
		return h(c)
	}
	s.echo.Match([]string{http.MethodGet, http.MethodHead}, path, guarded)
	s.routes = append(s.routes, Route{http.MethodGet, path, may})
}
