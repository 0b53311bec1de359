package api

import (
	"cmp"
	"encoding/json"
	"strings"

	"jinghe/internal/web/ui"
)

// host is the address that commands on the page of the API begin with. Where it is
// not known the page puts its own in its place.
func (a *API) host() string { return cmp.Or(a.PublicURL, ui.Here) }

// start is the way from nothing to a first match with curl alone. A test runs
// every command as it stands.
func (a *API) start() []ui.StartStep {
	base := a.host() + Prefix
	if a.Services.Accounts == nil { // for visitors only
		return a.startPublic(base)
	}
	const (
		bearer = ` \
  -H "Authorization: Bearer $JINGHE_TOKEN"`
		sends = ` \
  -H 'Content-Type: application/json'`
		first = ` | grep -o '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4)`
	)
	body := ` \
  -d '` + startEntry() + `'`
	return append(a.startPublic(base),
		ui.StartStep{Name: "token", Command: "curl -s '" + base + "/me'" + bearer},
		ui.StartStep{Name: "ask", Command: "curl -s -X POST '" + base + "/matches/capabilities?top=3'" + bearer + sends + body},
		ui.StartStep{Name: "draft", Command: "ANSWER=$(curl -s -X POST '" + base + "/entries/capabilities'" + bearer + sends + ` \
  -H 'Idempotency-Key: my-first-entry'` + body + ")\necho \"$ANSWER\"\nENTRY=$(echo \"$ANSWER\"" + first},
		ui.StartStep{Name: "own", Command: `curl -s "` + base + `/entries/capabilities/$ENTRY/matches?top=3"` + bearer},
		ui.StartStep{Name: "submit", Command: `curl -s -X POST "` + base + `/entries/capabilities/$ENTRY/submit"` + bearer + ` \
  -H 'If-Match: "1"'`},
	)
}

func (a *API) startPublic(base string) []ui.StartStep {
	list := "curl -s '" + base + "/opportunities?limit=1'"
	return []ui.StartStep{
		{Name: "look", Command: list},
		{Name: "match", Command: "ID=$(" + list + ` | grep -o '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4)` + "\ncurl -s \"" + base + `/opportunities/$ID/matches?top=3"`},
	}
}

// startEntry is a small capability that can be handed in, and finds something in
// the city of a demo.
func startEntry() string {
	raw, err := json.Marshal(CapabilityEntry{
		EntryPart:   EntryPart{Name: "路口信号自适应配时软件", Fields: []string{"smart_transport"}, Person: "王五", Mail: "wangwu@example.com"},
		Description: "利用现有信号机和摄像机按分钟估计流量，协调相邻路口的配时，给晚点公交有条件的优先；断网时回到固定方案。",
	})
	if err != nil {
		return "{}"
	}
	return strings.ReplaceAll(string(raw), "'", `'\''`)
}
