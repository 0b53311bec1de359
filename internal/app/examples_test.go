package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/net/html"

	"jinghe/internal/account"
	"jinghe/internal/app"
	"jinghe/internal/engage"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/fair"
)

// example is a page as somebody sees it.
type example struct {
	who   string // login, "" is a visitor
	token string // of who is signed in
	route string // as registered, "" where none was meant
	path  string
}

// examples finds one page of each route of a city at work, by following links as each
// of its people.
type examples struct {
	t      *testing.T
	app    *app.App
	base   string
	routes []string // patterns that answer GET
	actors map[scene.Role]scene.Actor
	tokens map[string]string
	starts map[string][]string // by login: what no link leads to
	seen   map[string]bool
	found  []example
}

// everyPage returns a page of each route of the demo's city, and of those that tell
// of a fault.
func everyPage(t *testing.T) (*app.App, []example) {
	t.Helper()
	a, _ := staffed(t)
	people, err := a.DemoAccounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	x := &examples{
		t: t, app: a, base: strings.TrimSuffix(a.URL(), "/"), actors: map[scene.Role]scene.Actor{},
		tokens: map[string]string{"": ""}, starts: map[string][]string{}, seen: map[string]bool{},
	}
	for _, r := range a.Routes() {
		if r.Method == http.MethodGet && r.May != edge.Operator && !strings.HasPrefix(r.Path, "/api/") {
			x.routes = append(x.routes, r.Path)
		}
	}
	who := []string{""}
	for _, p := range people {
		person, err := a.Accounts().Find(t.Context(), scene.Console(), p.Login)
		x.must(err)
		x.actors[p.Role], x.tokens[p.Login] = person.Actor("192.0.2.7"), x.signIn(p.Login, p.Password)
		who = append(who, p.Login)
	}
	x.furnish(people)
	for _, w := range who {
		x.crawl(w)
	}
	return a, x.found
}

func (x *examples) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *examples) signIn(login, password string) string {
	x.t.Helper()
	token, err := x.app.Accounts().SignIn(x.t.Context(), account.Attempt{Login: login, Password: password, From: "192.0.2.7"})
	x.must(err)
	return token
}

// furnish puts in place what the demo has not, and says where no link leads.
func (x *examples) furnish(people []app.DemoAccount) {
	x.t.Helper()
	ctx, owner, provider, steward := x.t.Context(), x.actors[scene.RoleOwner], x.actors[scene.RoleProvider], x.actors[scene.RoleSteward]
	needs, err := x.app.Registry().Opportunities(ctx, store.ListingFilter{OrgID: owner.OrgID, OpenAt: time.Now()}, store.Page{Limit: 1})
	x.must(err)
	offers, err := x.app.Registry().Capabilities(ctx, store.ListingFilter{OpenAt: time.Now()}, store.Page{Limit: 4})
	x.must(err)
	need, offer := string(needs.Items[0].ID), string(offers.Items[3].ID)
	_, err = x.app.Engagements().Express(ctx, owner, engage.Interest{Need: scene.ID(need), Offer: scene.ID(offer), Message: "请介绍一下类似案例"})
	x.must(err)
	_, err = x.app.Engagements().Express(ctx, owner, engage.Interest{Need: scene.ID(need), Offer: offers.Items[2].ID})
	x.must(err)
	_, err = x.app.Searches().Save(ctx, provider, scene.SavedSearch{Name: "水务需求", Wants: scene.KindOpportunity, Words: "管网", Tell: scene.PaceAtOnce})
	x.must(err)
	_, _, err = x.app.Notices().AddHook(ctx, provider, scene.Webhook{Name: "对接系统", URL: "https://hooks.example.com/jinghe", Form: scene.HookStandard, Subjects: scene.HookSubjects()[:1]})
	x.must(err)
	queue, _, err := x.app.Registry().Queue(ctx, steward)
	x.must(err)
	x.must(x.app.Registry().Ask(ctx, steward, registry.Question{
		Kind: queue[0].Kind(), ID: queue[0].Listing().ID, Experts: []scene.ID{x.actors[scene.RoleExpert].ID}, Text: "技术指标是否可信？", Due: time.Now().AddDate(0, 0, 7),
	}))
	upload, err := x.app.Intake().Receive(ctx, steward, scene.Upload{File: "清单.xlsx", Source: "某某开发区"}, messyBook(x.t))
	x.must(err)
	eventually(x.t, patience, func() bool {
		u, err := x.app.Intake().Upload(ctx, steward, upload.ID)
		return err == nil && u.Look != nil
	})
	invitation, err := x.app.Accounts().Invite(ctx, owner, []scene.Role{scene.RoleOwner}, "", nil)
	x.must(err)
	x.starts[""] = append([]string{
		"/", "/opportunities?view=lines&q=" + url.QueryEscape("管网"), "/capabilities?q=" + url.QueryEscape("没有这种东西"), "/search?q=" + url.QueryEscape("智慧养佬"),
		"/compare?id=" + need, "/capabilities/" + offer, "/sign-up/mail/none", "/sign-in/reset/none", "/preferences?theme=auto&back=/about", invitation, "/embed", "/nowhere",
	}, x.halls()...)
	x.starts["owner"] = []string{"/workspace", "/workspace/listings/new?kind=opportunity", "/workspace/engagements/group?need=" + need, "/opportunities/" + need + "/matches"}
	x.starts["provider"] = []string{"/workspace", "/workspace/listings/new?kind=capability", "/opportunities/" + need, "/workspace/engagements/new?need=" + need + "&offer=" + offer}
	x.starts["steward"] = []string{"/console", "/console/engagements/new?need=" + need + "&offer=" + string(offers.Items[1].ID)}
	x.starts["expert"] = []string{"/opinions"}
	x.starts["attendee"] = []string{"/account", "/account/password", "/account/factor", "/console"}
	x.second(people)
}

// halls are the addresses of events that only a code leads to.
func (x *examples) halls() (paths []string) {
	x.t.Helper()
	fairs, err := x.app.Fairs().Fairs(x.t.Context(), stewardActor())
	x.must(err)
	for i := range fairs {
		parties, err := x.app.Fairs().Parties(x.t.Context(), stewardActor(), fairs[i].ID)
		x.must(err)
		paths = append(paths, fair.BadgePath(fairs[i].ID, parties[0].Delegates[0].ID), "/e/"+parties[0].Delegates[0].Code, "/wall/"+fairs[i].Wall, "/wall/"+fairs[i].Wall+"/stage")
	}
	return paths
}

// second has the administrator set up a second factor and stop on the way in.
func (x *examples) second(people []app.DemoAccount) {
	x.t.Helper()
	ctx, accounts := x.t.Context(), x.app.Accounts()
	secret, _, err := accounts.Offer(ctx, x.tokens["admin"])
	x.must(err)
	code, err := totp.GenerateCode(secret, time.Now())
	x.must(err)
	x.tokens["admin"], _, err = accounts.Enrol(ctx, x.tokens["admin"], code, "192.0.2.7")
	x.must(err)
	i := slices.IndexFunc(people, func(p app.DemoAccount) bool { return p.Role == scene.RoleAdmin })
	x.tokens["half way in"] = x.signIn("admin", people[i].Password)
	x.look("half way in", "/sign-in/code", true)
}

// crawl walks the pages that links lead to, one of each sort.
func (x *examples) crawl(who string) {
	x.t.Helper()
	asked := map[string]bool{}
	queue := x.starts[who]
	meant := len(queue)
	if who != "" && meant == 0 {
		queue = []string{"/console"}
	}
	for n := 0; len(queue) > 0; n++ {
		path := queue[0]
		queue = queue[1:]
		sort := x.sort(path)
		if sort == "" && n >= meant || asked[sort] && n >= meant || strings.HasPrefix(path, "/preferences") {
			continue
		}
		asked[sort] = true
		queue = append(queue, x.look(who, path, n < meant)...)
	}
}

// look asks for a page, keeps it where it is the first of its sort or was meant, and
// returns where it leads.
func (x *examples) look(who, path string, meant bool) (links []string) {
	x.t.Helper()
	r, err := http.NewRequestWithContext(x.t.Context(), http.MethodGet, x.base+path, nil)
	x.must(err)
	r.AddCookie(&http.Cookie{Name: "jinghe_session", Value: x.tokens[who]})
	answer, err := http.DefaultTransport.RoundTrip(r)
	x.must(err)
	defer func() { _ = answer.Body.Close() }()
	if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") || answer.StatusCode != http.StatusOK && !meant {
		return nil
	}
	sort := x.sort(path)
	if meant || !x.seen[sort] {
		x.seen[sort] = true
		x.found = append(x.found, example{who: who, token: x.tokens[who], route: x.pattern(path), path: path})
	}
	root, err := html.Parse(answer.Body)
	x.must(err)
	for n := range root.Descendants() {
		if n.Data != "a" {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "href" && strings.HasPrefix(a.Val, "/") {
				to, _, _ := strings.Cut(a.Val, "#")
				links = append(links, to)
			}
		}
	}
	return links
}

// sort gives pages that show the same view one name; "" is no page of ours.
func (x *examples) sort(path string) string {
	kind := ""
	for part := range strings.SplitSeq(path, "/") {
		if scene.Kind(part) == scene.KindOpportunity || scene.Kind(part) == scene.KindCapability {
			kind = " " + part
		}
	}
	if p := x.pattern(path); p != "" {
		return p + kind
	}
	return ""
}

// pattern finds the route of a path: of several the one with the fewest parameters.
func (x *examples) pattern(path string) (best string) {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for _, r := range x.routes {
		if likes(r, parts) && (best == "" || strings.Count(r, ":") < strings.Count(best, ":")) {
			best = r
		}
	}
	return best
}

func likes(route string, parts []string) bool {
	pattern := strings.Split(route, "/")
	if len(pattern) != len(parts) {
		return false
	}
	for i := range pattern {
		if pattern[i] != parts[i] && !strings.HasPrefix(pattern[i], ":") {
			return false
		}
	}
	return true
}
