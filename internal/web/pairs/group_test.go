package pairs

import (
	"net/url"
	"strings"
	"testing"

	"jinghe/internal/match"
	"jinghe/internal/scene"
)

// TestGroupURL: the best of a proposed group leads, and each has what it brings
// as its part, cut where a part may be no longer.
func TestGroupURL(t *testing.T) {
	t.Parallel()
	if got := GroupURL(Console, "need", nil); got != "/console/engagements/group?need=need" {
		t.Errorf("without a proposal: %s", got)
	}
	c := match.Consortium{
		Members: []match.Member{{Offer: match.Ref{ID: "a"}}, {Offer: match.Ref{ID: "b"}}},
		Clauses: []match.Covered{
			{Want: "误差≤1%", Member: 2}, {Want: "桥梁监测", Member: 1}, {Want: "谁也没有", Member: 0}, {Want: strings.Repeat("长", scene.MaxPart), Member: 2},
		},
	}
	u, err := url.Parse(GroupURL(Workspace, "need", &c))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	want := url.Values{
		"need": {"need"}, "offer": {"a"}, "lead_part": {"桥梁监测"}, "partner1": {"b"},
		"part1": {string([]rune("误差≤1%；" + strings.Repeat("长", scene.MaxPart))[:scene.MaxPart])},
	}
	if u.Path != "/workspace/engagements/group" || q.Encode() != want.Encode() {
		t.Errorf("%s %v, want %v", u.Path, q, want)
	}
}
