package app_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/testkit"
)

// TestWorkbench: an edit is looked at, which stores nothing, then made, and the
// lists then are what the preview told.
func TestWorkbench(t *testing.T) {
	t.Parallel()
	a := start(t, testCity(t), true)
	<-a.Ready()
	steward := scene.Actor{ID: "01J0000000000000000000STEW", Name: "专员", Roles: []scene.Role{scene.RoleSteward}}
	// A word of no listing changes nothing, once the market that answers has learned too.
	eventually(t, patience, func() bool {
		p, err := a.Preview(t.Context(), steward, scene.Amendment{Put: &scene.Word{Word: "嗡嗡飞行器"}}, locale.Zh)
		if err != nil {
			t.Fatal(err)
		}
		return p.Looked > 0 && p.Changed == 0
	})
	// Nobody's word for what the city's lists call 井盖.
	change := scene.Amendment{Put: &scene.Word{Word: "井盖", Synonyms: []string{"手术室"}}}
	p, err := a.Preview(t.Context(), steward, change, locale.Zh)
	if err != nil || p.Changed == 0 || p.Looked == 0 || len(p.Shifts) == 0 {
		t.Fatalf("looked at %d of %d, %d changed: %v", p.Looked, p.Needs, p.Changed, err)
	}
	if !strings.Contains(p.Shifts[0].Need.Name, "井盖") && !strings.Contains(p.Shifts[0].Need.Name, "手术") && len(p.Shifts) == p.Looked {
		t.Errorf("every list is said to change: %d", len(p.Shifts))
	}
	if v, err := a.Vocabulary(t.Context()); err != nil || len(v.Words) != 0 {
		t.Fatalf("a look stored %d words: %v", len(v.Words), err)
	}
	if err := a.Amend(t.Context(), steward, change); err != nil {
		t.Fatal(err)
	}
	if v, err := a.Vocabulary(t.Context()); err != nil || len(v.Words) != 1 || v.Words[0].Word != "井盖" {
		t.Fatalf("words %v, %v", v.Words, err)
	}
	// Once matching has followed, taking the word back would change lists again.
	eventually(t, patience, func() bool {
		again, err := a.Preview(t.Context(), steward, scene.Amendment{Drop: "井盖"}, locale.Zh)
		if err != nil {
			t.Fatal(err)
		}
		return again.Changed > 0
	})
}

// TestWorkbenchRefuses what the table, the dictionaries or a second editor rule out.
func TestWorkbenchRefuses(t *testing.T) {
	t.Parallel()
	a := start(t, testCity(t), false)
	steward := scene.Actor{ID: "01J0000000000000000000STEW", Roles: []scene.Role{scene.RoleSteward}}
	provider := scene.Actor{ID: "01J0000000000000000000PROV", Roles: []scene.Role{scene.RoleProvider}}
	word := scene.Amendment{Put: &scene.Word{Word: "久卧照护"}}
	unknown := scene.Amendment{Join: &scene.Join{FromDict: "field", ToDict: "industry", Link: scene.Link{From: "nowhere", To: "iot", Weight: 1}}}
	for name, tc := range map[string]struct {
		by     scene.Actor
		change scene.Amendment
		want   scene.Code
	}{
		"Visitor":     {change: word, want: scene.Unauthorized},
		"Provider":    {by: provider, change: word, want: scene.Forbidden},
		"UnknownCode": {by: steward, change: unknown, want: scene.Invalid},
		"NoSuchWord":  {by: steward, change: scene.Amendment{Drop: "没有"}, want: scene.NotFound},
		"Blank":       {by: steward, change: scene.Amendment{Put: &scene.Word{}}, want: scene.Invalid},
	} {
		if err := a.Amend(t.Context(), tc.by, tc.change); scene.CodeOf(err) != tc.want {
			t.Errorf("%s: made with %v, want %s", name, err, tc.want)
		}
		if _, err := a.Preview(t.Context(), tc.by, tc.change, locale.Zh); scene.CodeOf(err) != tc.want {
			t.Errorf("%s: looked at with %v, want %s", name, err, tc.want)
		}
	}
}

// TestWorkbenchPage: staff add a word in the browser, see what changes, save it, and take it back.
func TestWorkbenchPage(t *testing.T) {
	t.Parallel()
	page := testkit.Chromium(t)
	a, passwords := staffed(t, scene.RoleSteward, scene.RoleAuditor)
	w := newWalker(t, page, a)
	w.signIn(string(scene.RoleSteward), passwords[scene.RoleSteward])
	w.open("/console/words")
	w.see("词库与对照", "还没有添加过词", "对照：应用领域 → 产业领域")
	w.fill(map[string]string{"word": "井盖", "synonyms": "手术室、窨井盖"})
	w.press("看看会变什么")
	w.see("这项修改会带来的变化", "进入前十", "还没有添加过词")
	w.press("保存")
	w.see("已保存", "井盖", "手术室、窨井盖")
	w.press("撤下")
	w.see("这项修改会带来的变化")
	w.press("保存")
	w.see("已保存", "还没有添加过词")
	w.press("保存")
	w.see("请填写要添加的词。")

	w.signIn(string(scene.RoleAuditor), passwords[scene.RoleAuditor])
	w.open("/console/record?noun=vocabulary")
	w.eval(`document.querySelectorAll("main details").forEach(d => d.open = true)`)
	w.see("修改词库", "井盖", string(scene.RoleSteward))
}

// TestComparing: whatever filling a second market took, some of the lists are
// compared, and of a request's time some is left for its page.
func TestComparing(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]time.Duration{
		time.Minute: 6 * time.Second, 9 * time.Second: 6 * time.Second, 8 * time.Second: 5 * time.Second,
		6 * time.Second: 3 * time.Second, 4 * time.Second: 2 * time.Second, 500 * time.Millisecond: 250 * time.Millisecond, 0: 0,
	} {
		if got := app.Comparing(left); got != want {
			t.Errorf("%v left: %v, want %v", left, got, want)
		}
	}
}

// TestPreviewOneAtATime: of several at once one looks, and the others are told to wait.
func TestPreviewOneAtATime(t *testing.T) {
	t.Parallel()
	a := start(t, testCity(t), true)
	<-a.Ready()
	steward := scene.Actor{ID: "01J0000000000000000000STEW", Roles: []scene.Role{scene.RoleSteward}}
	var wg sync.WaitGroup
	var looked, busy atomic.Int32
	begin := make(chan struct{})
	for range 6 {
		wg.Go(func() {
			<-begin
			_, err := a.Preview(t.Context(), steward, scene.Amendment{Put: &scene.Word{Word: "久卧照护"}}, locale.Zh)
			switch scene.CodeOf(err) {
			case "":
				looked.Add(1)
			case scene.TooMany:
				busy.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	close(begin)
	wg.Wait()
	if looked.Load() == 0 || busy.Load() == 0 {
		t.Errorf("%d looked, %d were told to wait", looked.Load(), busy.Load())
	}
	if _, err := a.Preview(t.Context(), steward, scene.Amendment{Put: &scene.Word{Word: "久卧照护"}}, locale.Zh); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
