package web_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"jinghe/client"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/backend"
	"jinghe/search"
)

// lines are the actions that the record holds for a row.
func (o *office) lines(noun, row string) (actions []string) {
	o.t.Helper()
	err := o.rows.View(o.t.Context(), func(tx store.Tx) error {
		rows, err := tx.Audit().List(o.t.Context(), store.AuditFilter{Noun: noun, Row: scene.ID(row)}, store.Page{Limit: 100})
		for _, line := range rows.Items {
			actions = append(actions, line.Action)
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	slices.Sort(actions)
	return actions
}

// TestBatchByProgram makes a batch, fills it, moves, releases and withdraws it; nobody else
// learns of it before, and no change is lost.
func TestBatchByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	e := o.draft(scene.Actor{ID: "p", OrgID: o.org, Roles: []scene.Role{scene.RoleProvider}})
	o.publish(e)
	c, ctx := o.wired(o.program(scene.RoleSteward, scene.ScopePublish)), t.Context()
	soon := today().Add(48 * time.Hour)
	written := client.BatchWritten{Name: "2026年第九批", Intro: "面向水务", Release: soon}
	made, a, err := c.CreateBatch(ctx, written, client.Once("b"))
	if err != nil || a.Status != http.StatusCreated || made.Released || !made.Release.Equal(soon) || !strings.HasSuffix(a.Location, made.ID) {
		t.Fatalf("%+v, %+v, %v", made, a, err)
	}
	again, second, err := c.CreateBatch(ctx, written, client.Once("b"))
	if err != nil || !second.Replayed || again.ID != made.ID {
		t.Errorf("sent twice: %+v, %v", again, err)
	}
	_, _, err = c.CreateBatch(ctx, client.BatchWritten{Release: soon}, nil)
	refused(t, "no name", err, http.StatusUnprocessableEntity, 1)
	ref := client.EntryRef{Kind: "capability", ID: string(e.Listing().ID)}
	if _, _, err := c.AddToBatch(ctx, made.ID, ref, ref); err != nil {
		t.Fatal(err)
	}
	_, _, err = c.AddToBatch(ctx, made.ID, client.EntryRef{Kind: "capability", ID: "none"})
	refused(t, "an entry that is none", err, http.StatusNotFound, 0)
	n := 0
	for x, err := range c.BatchEntries(ctx, made.ID) {
		if n++; err != nil || x.EntryRef != ref || x.State != "published" {
			t.Errorf("%+v, %v", x, err)
		}
	}
	if n != 1 {
		t.Errorf("%d entries", n)
	}
	stranger := o.wired(o.program(scene.RoleProvider, scene.ScopeRead))
	_, _, err = stranger.Batch(ctx, made.ID)
	refused(t, "one to come", err, http.StatusNotFound, 0)
	_, _, err = stranger.AddToBatch(ctx, made.ID, ref)
	refused(t, "who may not", err, http.StatusForbidden, 0)

	_, _, err = c.ReplaceBatch(ctx, made.ID, "", written)
	refused(t, "without If-Match", err, http.StatusPreconditionRequired, 0)
	written.Release = soon.Add(time.Hour)
	moved, later, err := c.ReplaceBatch(ctx, made.ID, a.ETag, written)
	if err != nil || !moved.Release.Equal(written.Release) || moved.Revision != 2 {
		t.Fatalf("%+v, %v", moved, err)
	}
	_, _, err = c.ReplaceBatch(ctx, made.ID, a.ETag, written)
	refused(t, "a copy of before", err, http.StatusPreconditionFailed, 0)
	stored, err := o.registry.Capability(ctx, e.Listing().ID)
	if err != nil || !stored.ValidFrom.Equal(written.Release) {
		t.Errorf("the entry is public from %v, %v", stored.ValidFrom, err)
	}
	out, _, err := c.ReleaseBatch(ctx, made.ID, later.ETag)
	if err != nil || !out.Released {
		t.Fatalf("%+v, %v", out, err)
	}
	if _, _, err := c.TakeFromBatch(ctx, made.ID, ref); err != nil {
		t.Fatal(err)
	}
	if got := o.lines("batch", made.ID); len(got) != 3 || got[0] != "batch.change" || got[2] != "batch.create" {
		t.Errorf("the record says %v", got)
	}
	_, _, err = c.WithdrawBatch(ctx, made.ID, "", "名称有误", false)
	refused(t, "withdrawn without If-Match", err, http.StatusPreconditionRequired, 0)
	_, now, err := c.Batch(ctx, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = c.WithdrawBatch(ctx, made.ID, now.ETag, " ", false)
	refused(t, "withdrawn without a reason", err, http.StatusUnprocessableEntity, 1)
	if gone, _, err := c.WithdrawBatch(ctx, made.ID, now.ETag, "名称有误", false); err != nil || gone.Name != written.Name {
		t.Errorf("%+v, %v", gone, err)
	}
	_, _, err = c.Batch(ctx, made.ID)
	refused(t, "a batch that is withdrawn", err, http.StatusNotFound, 0)
}

// TestShowcaseByProgram writes a showcase with a picture, and shows and hides it.
func TestShowcaseByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c, ctx := o.wired(o.program(scene.RoleSteward, scene.ScopePublish)), t.Context()
	written := client.ShowcaseWritten{
		Name: "积水点治理", Owner: "某水务集团", Provider: "某科技公司", Scenario: "下穿通道积水自动报警。", Fields: []string{"smart_water"}, Since: "2026-03",
		Figures: []client.Figure{{Name: "处置时间", Before: "45", After: "8", Unit: "分钟"}},
	}
	s, a, err := c.CreateShowcase(ctx, written, client.Once("s"))
	if err != nil || s.State != "draft" || len(s.Figures) != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
	bad := written
	bad.Fields, bad.Since = []string{"nonsense"}, ""
	_, _, err = c.CreateShowcase(ctx, bad, nil)
	refused(t, "an unknown code", err, http.StatusUnprocessableEntity, 1)
	visitor := o.wired(&program{browser: o.browser()})
	_, err = visitor.Files(ctx, "/showcases/"+s.ID+"/pictures")
	refused(t, "pictures of a draft", err, http.StatusNotFound, 0)

	picture := aPNG(t)
	_, _, err = c.AddPicture(ctx, s.ID, "a.png", "during", "x", bytes.NewReader(picture), nil)
	refused(t, "a role that none is", err, http.StatusUnprocessableEntity, 1)
	f, _, err := c.AddPicture(ctx, s.ID, "a.png", "before", "积水及膝", bytes.NewReader(picture), client.Once("p"))
	if err != nil || f.Type != "image/png" || f.Role != "before" {
		t.Fatalf("%+v, %v", f, err)
	}
	written.After = "八分钟到场"
	_, changed, err := c.ReplaceShowcase(ctx, s.ID, a.ETag, written)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = c.StepShowcase(ctx, s.ID, a.ETag, "publish")
	refused(t, "a copy of before", err, http.StatusPreconditionFailed, 0)
	shown, _, err := c.StepShowcase(ctx, s.ID, changed.ETag, "publish")
	if err != nil || shown.State != "published" || shown.After != written.After {
		t.Fatalf("%+v, %v", shown, err)
	}
	if seen, err := visitor.Files(ctx, "/showcases/"+s.ID+"/pictures"); err != nil || len(seen) != 1 {
		t.Errorf("%+v, %v", seen, err)
	}
	for step, state := range map[string]string{"withdraw": "draft", "close": "closed"} {
		if x, _, err := c.StepShowcase(ctx, s.ID, "*", step); err != nil || x.State != state {
			t.Errorf("%s: %+v, %v", step, x, err)
		}
	}
	if gone, _, err := c.RemoveFile(ctx, "/showcases/"+s.ID+"/pictures", f.ID); err != nil || gone.ID != f.ID {
		t.Errorf("%+v, %v", gone, err)
	}
	if got := o.lines("showcase", s.ID); len(got) != 7 {
		t.Errorf("the record says %v", got)
	}
}

// TestFilesByProgram: files of an entry follow who may read and write it.
func TestFilesByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.program(scene.RoleProvider, scene.ScopeRead, scene.ScopeWriteListings)
	e := o.draft(p.account.Actor(""))
	c, ctx, id := o.wired(p), t.Context(), string(e.Listing().ID)
	at := "/entries/capabilities/" + id + "/files"
	f, a, err := c.AddFile(ctx, at, "检测 报告.pdf", strings.NewReader(aPDF), client.Once("f"))
	if err != nil || a.Status != http.StatusCreated || f.Type != "application/pdf" || f.Name != "检测 报告.pdf" {
		t.Fatalf("%+v, %+v, %v", f, a, err)
	}
	if _, again, err := c.AddFile(ctx, at, "检测 报告.pdf", strings.NewReader(aPDF), client.Once("f")); err != nil || !again.Replayed {
		t.Errorf("sent twice: %+v, %v", again, err)
	}
	_, _, err = c.AddFile(ctx, at, "a.pdf", strings.NewReader(aPDF), nil)
	refused(t, "there already", err, http.StatusConflict, 1)
	_, _, err = c.AddFile(ctx, at, "a.exe", strings.NewReader("MZ"), nil)
	refused(t, "a program", err, http.StatusUnprocessableEntity, 1)
	_, _, err = c.AddFile(ctx, at, "big.pdf", strings.NewReader(aPDF+strings.Repeat(" ", 10<<20)), nil)
	refused(t, "too large", err, http.StatusRequestEntityTooLarge, 0)
	visitor := o.wired(&program{browser: o.browser()})
	public := "/capabilities/" + id + "/files"
	_, err = visitor.Files(ctx, public)
	refused(t, "files of a draft", err, http.StatusNotFound, 0)
	_, _, err = visitor.Download(ctx, f.ID)
	refused(t, "a file of a draft", err, http.StatusNotFound, 0)
	o.publish(e)
	if seen, err := visitor.Files(ctx, public); err != nil || len(seen) != 1 || seen[0].Digest != f.Digest {
		t.Errorf("%+v, %v", seen, err)
	}
	if raw, got, err := visitor.Download(ctx, f.ID); err != nil || string(raw) != aPDF || got.ETag != `"`+f.Digest+`"` {
		t.Errorf("%d bytes, %+v, %v", len(raw), got, err)
	}
	h := p.must(http.StatusOK, nil, http.MethodGet, "/files/"+f.ID, "")
	if h.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%v", h)
	}
	p.must(http.StatusNotModified, nil, http.MethodGet, "/files/"+f.ID, "", "If-None-Match", h.Get("ETag"))
	_, _, err = c.RemoveFile(ctx, at, f.ID)
	refused(t, "of a public entry", err, http.StatusForbidden, 0)
	if got := o.lines("capability", id); !slices.Contains(got, "attachment.add") {
		t.Errorf("the record says %v", got)
	}
}

// TestReceiverByProgram sets a receiver up, changes and switches it; its secret is
// told once, and a colleague cannot have the inbox of another sent elsewhere.
func TestReceiverByProgram(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.program(scene.RoleProvider, scene.ScopeReceivers)
	c, ctx := o.wired(p), t.Context()
	written := client.ReceiverWritten{Name: "门户", URL: "https://portal.example/hook", Form: "standard", Subjects: []string{scene.CapabilityChanged}, Notices: true}
	r, a, err := c.CreateReceiver(ctx, written, client.Once("r"))
	if err != nil || !strings.HasPrefix(r.Secret, "whsec_") || r.State != "active" || r.Owner != string(p.account.ID) {
		t.Fatalf("%+v, %v", r, err)
	}
	_, _, err = c.CreateReceiver(ctx, client.ReceiverWritten{Name: "x", URL: "https://a.example", Form: "standard", Subjects: []string{"all"}}, nil)
	refused(t, "no such event", err, http.StatusUnprocessableEntity, 1)
	for _, inside := range []string{"http://10.0.0.5/hook", "http://localhost:8080/", "http://[::1]/", "http://0x7f000001/", "http://[::ffff:10.0.0.1]/"} {
		w := written
		w.URL = inside
		_, _, err = c.CreateReceiver(ctx, w, nil)
		refused(t, inside, err, http.StatusUnprocessableEntity, 1)
		_, _, err = c.ReplaceReceiver(ctx, r.ID, a.ETag, w)
		refused(t, "changed to "+inside, err, http.StatusUnprocessableEntity, 1)
	}
	for name, body := range map[string]string{
		"list": p.ask(http.MethodGet, "/receivers", "").Body.String(), "one": p.ask(http.MethodGet, "/receivers/"+r.ID, "").Body.String(),
	} {
		if strings.Contains(body, r.Secret) || !strings.Contains(body, "portal.example") {
			t.Errorf("%s: %s", name, body)
		}
	}
	written.Name = "新门户"
	_, _, err = c.ReplaceReceiver(ctx, r.ID, `"9"`, written)
	refused(t, "a copy that none is", err, http.StatusPreconditionFailed, 0)
	changed, _, err := c.ReplaceReceiver(ctx, r.ID, a.ETag, written)
	if err != nil || changed.Name != "新门户" || changed.Owner != r.Owner {
		t.Fatalf("%+v, %v", changed, err)
	}
	if off, _, err := c.SwitchReceiver(ctx, r.ID, false); err != nil || off.State != "disabled" {
		t.Errorf("%+v, %v", off, err)
	}
	if on, _, err := c.SwitchReceiver(ctx, r.ID, true); err != nil || on.State != "active" {
		t.Errorf("%+v, %v", on, err)
	}
	if other, _, err := c.RotateReceiver(ctx, r.ID); err != nil || other.Secret == r.Secret || other.Secret == "" {
		t.Errorf("%+v, %v", other, err)
	}

	colleague := o.wired(o.program(scene.RoleOwner, scene.ScopeReceivers))
	written.URL = "https://elsewhere.example/hook"
	taken, _, err := colleague.ReplaceReceiver(ctx, r.ID, "*", written)
	if err != nil || taken.Owner == r.Owner {
		t.Errorf("a colleague has what another is told: %+v, %v", taken, err)
	}
	staff := o.wired(o.program(scene.RoleSteward, scene.ScopeReceivers))
	written.URL = "https://centre.example/hook"
	_, _, err = staff.ReplaceReceiver(ctx, r.ID, "*", written)
	refused(t, "somebody of elsewhere", err, http.StatusPreconditionFailed, 0)

	o.sent(r.ID)
	n := 0
	for m, err := range c.Messages(ctx, r.ID) {
		if n++; err != nil || m.State != "failed" {
			t.Errorf("%+v, %v", m, err)
			continue
		}
		if _, _, err := c.ReplayMessage(ctx, r.ID, m.ID); err != nil {
			t.Error(err)
		}
	}
	for m, err := range c.Messages(ctx, r.ID) {
		if err != nil || m.State != "waiting" || m.Tries != 0 {
			t.Errorf("sent anew: %+v, %v", m, err)
		}
	}
	if _, _, err := c.DeleteReceiver(ctx, r.ID); err != nil || n != 1 {
		t.Errorf("%d messages, %v", n, err)
	}
	want := []string{"webhook.add", "webhook.change", "webhook.change", "webhook.delete", "webhook.disable", "webhook.enable", "webhook.replay", "webhook.rotate"}
	if got := o.lines("webhook", r.ID); !slices.Equal(got, want) {
		t.Errorf("the record says %v", got)
	}
}

// sent has a message in the log of a receiver that was given up.
func (o *office) sent(hook string) {
	o.t.Helper()
	err := o.rows.Update(o.t.Context(), func(tx store.Tx) error {
		_, err := tx.Webhooks().Queue(o.t.Context(), scene.Delivery{
			ID: "MSG", Webhook: scene.ID(hook), Message: "MSG", Subject: scene.CapabilityChanged, Body: "{}", State: scene.DeliveryFailed, Tries: 10, At: today(), Due: today(),
		})
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// aPNG is a picture.
func aPNG(t *testing.T) []byte {
	t.Helper()
	var pic bytes.Buffer
	if err := png.Encode(&pic, image.NewGray(image.Rect(0, 0, 8, 6))); err != nil {
		t.Fatal(err)
	}
	return pic.Bytes()
}

// TestOpenDataUnchanged: who has the present copy of a whole list is not sent it again.
func TestOpenDataUnchanged(t *testing.T) {
	t.Parallel()
	stamp := "1"
	o := newOfficeWith(t, func(s *backend.Services) {
		s.Stamp = func(_ context.Context, kind scene.Kind) (string, error) { return string(kind) + stamp, nil }
	})
	ask := func(path, tag string) (int, string, int) {
		t.Helper()
		w := o.browser().call(http.MethodGet, path, "", "If-None-Match", tag)
		return w.Code, w.Header().Get("ETag"), w.Body.Len()
	}
	tags := map[string]bool{}
	for _, path := range []string{"/api/v1/open-data/opportunities", "/api/v1/open-data/capabilities"} {
		code, tag, n := ask(path, "")
		if code != http.StatusOK || !strings.HasPrefix(tag, `W/"`) || n == 0 || tags[tag] {
			t.Errorf("%s: %d %q", path, code, tag)
		}
		tags[tag] = true
		if code, same, n := ask(path, `"x", `+tag); code != http.StatusNotModified || same != tag || n != 0 {
			t.Errorf("%s again: %d %q, %d bytes", path, code, same, n)
		}
		if code, other, _ := ask(path+"?lang=en", tag); code != http.StatusOK || other == tag {
			t.Errorf("%s in English, whose terms are other words: %d %q", path, code, other)
		}
		stamp += "1"
		if code, other, n := ask(path, tag); code != http.StatusOK || other == tag || n == 0 {
			t.Errorf("%s after a change: %d %q, %d bytes", path, code, other, n)
		}
	}
}

// TestSpelledBatch: a search for a batch asks the index for every spelling.
func TestSpelledBatch(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	var asked []string
	finder := backend.Spelled(s.city, func(_ context.Context, kind scene.Kind, names []string) ([]string, error) {
		asked = append(names, string(kind))
		return append([]string{"第３批"}, names...), nil
	})
	q := search.Query{Limit: 5, Filter: []search.Clause{{Facet: backend.FacetBatch, AnyOf: []string{"第3批"}}}}
	if _, err := finder.Search(t.Context(), scene.KindOpportunity, q); err != nil || len(asked) != 2 || len(q.Filter[0].AnyOf) != 1 {
		t.Errorf("asked for %q, %v; the caller's filter is %q", asked, err, q.Filter[0].AnyOf)
	}
}

// TestQueueAddress: the address to which the queue sends its decisions leads to it.
func TestQueueAddress(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if w := o.as(scene.RoleSteward).get("/console/reviews"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/console" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}
