package fair

import (
	"bytes"
	"context"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"jinghe/internal/convene"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

func TestDelegates(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []scene.Delegate
	}{
		"New":     {"李工, 经理, l@example.com", []scene.Delegate{{Name: "李工", Post: "经理", Mail: "l@example.com"}}},
		"MailMid": {"王处；w@example.com；处长", []scene.Delegate{{Name: "王处", Post: "处长", Mail: "w@example.com"}}},
		"Tabs":    {"赵经理\t销售", []scene.Delegate{{Name: "赵经理", Post: "销售"}}},
		"Blank":   {"\n  \n，，\n", nil},
		"NoMail":  {"甲,乙,丙,丁", []scene.Delegate{{Name: "甲", Post: "乙", Mail: "丙 丁"}}}, // refused as one that is wrong, not dropped
		"NoName":  {"，科长，k@example.com", []scene.Delegate{{Post: "科长", Mail: "k@example.com"}}},
		"Fourth":  {"孙工，科长，s@example.com，第四", []scene.Delegate{{Name: "孙工", Post: "科长", Mail: "s@example.com 第四"}}},
		"Twice":   {"张工\n张工，副总", []scene.Delegate{{Name: "张工"}, {Name: "张工", Post: "副总"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Delegates(tt.text)
			if len(got) != len(tt.want) {
				t.Fatalf("got %+v, want %+v", got, tt.want)
			}
			for i := range got {
				a, b := got[i], tt.want[i]
				if a.Name != b.Name || a.Post != b.Post || a.Mail != b.Mail {
					t.Errorf("got %+v, want %+v", a, b)
				}
			}
		})
	}
	again := Delegates(DelegateLines([]scene.Delegate{{ID: "d1", Name: "张工", Post: "总工", Mail: "z@example.com", Code: "SECRET"}}))
	if len(again) != 1 || again[0].Name != "张工" || again[0].Code != "" || again[0].Mail != "z@example.com" || again[0].Post != "总工" {
		t.Errorf("what is written is read as %+v", again)
	}
}

func TestPictureIsReadable(t *testing.T) {
	t.Parallel()
	raw, err := Picture("https://example.cn/e/ABCDEFGHJKLMNPQRSTUV")
	if err != nil {
		t.Fatal(err)
	}
	image, err := png.Decode(bytes.NewReader(raw))
	if err != nil || image.Bounds().Dx() < 100 || image.Bounds().Dx() != image.Bounds().Dy() {
		t.Errorf("picture %v, %v", image.Bounds(), err)
	}
	address, err := QR("x")
	if err != nil || !strings.HasPrefix(address, "data:image/png;base64,") {
		t.Errorf("address %.40s, %v", address, err)
	}
	if _, err := Picture(strings.Repeat("x", 10_000)); err == nil {
		t.Error("an address that no picture holds is drawn")
	}
}

// posted is a request with a form.
func posted(form url.Values) echo.Context {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "http://hall.example/x", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return echo.New().NewContext(r, httptest.NewRecorder())
}

func TestReadParty(t *testing.T) {
	t.Parallel()
	form, err := ReadParty(posted(url.Values{
		"name": {"甲公司"}, "share": {"yes"}, "hosted": {"yes"}, "newcomer": {"yes"}, "languages": {"zh", "de"}, "away": {"s1", "s2"},
		"delegates": {"张工"}, "listings": {"capability:c1", "opportunity:o1"}, "min": {" 2 "}, "max": {""}, "note": {" 早到 "},
	}))
	if err != nil {
		t.Fatal(err)
	}
	if form.Name != "甲公司" || !form.Share || !form.Hosted || !form.Newcomer || len(form.Languages) != 2 || len(form.Away) != 2 || form.Note != "早到" {
		t.Errorf("form %+v", form)
	}
	if form.Min == nil || *form.Min != 2 || form.Max != nil {
		t.Errorf("bounds %v %v", form.Min, form.Max)
	}
	if len(form.Listings) != 2 || form.Listings[1] != (scene.FairListing{Kind: scene.KindOpportunity, ID: "o1"}) {
		t.Errorf("listings %+v", form.Listings)
	}
	_, err = ReadParty(posted(url.Values{"delegates": {"张工"}, "max": {"很多"}}))
	if scene.CodeOf(err) != scene.Invalid {
		t.Errorf("a number that is none: %v", err)
	}
}

func TestReadWish(t *testing.T) {
	t.Parallel()
	w := ReadWish(posted(url.Values{"to": {"p2"}, "kind": {"must"}, "about": {" 谈 "}}))
	if w.To != "p2" || w.Kind != scene.WishMust || w.Note != "谈" {
		t.Errorf("wish %+v", w)
	}
	if w := ReadWish(posted(url.Values{"to": {"p2"}, "kind": {"back"}})); w.Kind != "" {
		t.Errorf("taken back: %+v", w)
	}
}

func TestAbsolute(t *testing.T) {
	t.Parallel()
	c := posted(nil)
	if got := Absolute(c, "https://example.cn/", "/e/X"); got != "https://example.cn/e/X" {
		t.Errorf("with an address that people use: %s", got)
	}
	if got := Absolute(c, "", "/e/X"); got != "http://hall.example/e/X" {
		t.Errorf("without one: %s", got)
	}
}

// TestLabels: whatever state something is in, its label is a word.
func TestLabels(t *testing.T) {
	t.Parallel()
	for _, lang := range []locale.Lang{locale.Zh, locale.En} {
		p := &ui.Page{Lang: lang}
		var labels []string
		for _, s := range []scene.FairState{scene.FairDraft, scene.FairOpen, scene.FairClosed, scene.FairOver, scene.FairCancelled} {
			labels = append(labels, State(p, convene.Phase(s)).Label)
		}
		for _, x := range []convene.Phase{convene.PhaseUnplanned, convene.PhaseRunning, convene.PhaseHeld, convene.PhaseMissed} {
			labels = append(labels, State(p, x).Label)
		}
		for _, s := range []scene.FairPartyState{scene.PartyInvited, scene.PartyApplied, scene.PartyWaiting, scene.PartyAccepted, scene.PartyRefused, scene.PartyWithdrawn} {
			labels = append(labels, PartyState(p, &scene.FairParty{State: s}).Label)
			if s != scene.PartyAccepted {
				labels = append(labels, p.T("fair.phone.party."+string(s), "place", 1))
			}
		}
		for _, k := range []scene.FairWishKind{scene.WishMust, scene.WishWant, scene.WishNever} {
			labels = append(labels, WishState(p, k).Label)
		}
		for _, k := range scene.FairBlockKinds() {
			labels = append(labels, Programme(p, &scene.Fair{Blocks: []scene.FairBlock{{Kind: k, Title: "x"}}}, time.Time{})[0].Value)
		}
		for _, n := range scene.FairNexts() {
			labels = append(labels, p.T("fair.next."+string(n)))
		}
		for _, l := range languages() {
			labels = append(labels, p.T("fair.language."+l))
		}
		for _, label := range labels {
			if label == "" || strings.HasPrefix(label, "fair.") {
				t.Errorf("%s: a label is %q", lang, label)
			}
		}
	}
	if s := WishState(&ui.Page{}, ""); s.Code != "" || s.Label != "" {
		t.Errorf("no wish is %+v", s)
	}
}

// TestOnlyHere: codes that lead to the machine itself are told apart from those that
// a phone can open.
func TestOnlyHere(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"http://127.0.0.1:8080": true, "http://localhost:8080": true, "http://[::1]:8080": true, "http://0.0.0.0:8080": true,
		"http://192.168.1.20:8080": false, "https://events.example.cn": false, "http://[fd00::20]": false, "://": false,
	} {
		if got := OnlyHere(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}
