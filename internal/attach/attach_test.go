package attach

import (
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/store/sqlite"
)

func today() time.Time { return time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC) }

// shop is a service over two entries, a draft and a public one, and a showcase.
func shop(t *testing.T) (*Service, store.Store) {
	t.Helper()
	rows, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "city.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	err = rows.Update(t.Context(), func(tx store.Tx) error {
		if _, err := tx.Organisations().Put(t.Context(), scene.Organisation{ID: "org", Name: "甲公司"}); err != nil {
			return err
		}
		for id, state := range map[scene.ID]scene.State{"draft": scene.Draft, "open": scene.Published} {
			if _, err := tx.Capabilities().Put(t.Context(), scene.Capability{Listing: scene.Listing{ID: id, Name: string(id), OrgID: "org", State: state}}); err != nil {
				return err
			}
		}
		_, err := tx.Showcases().Put(t.Context(), scene.Showcase{ID: "show", Name: "案例", State: scene.Published})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return New(rows, scene.NewIDMaker(today, rand.Reader), today), rows
}

func provider() scene.Actor {
	return scene.Actor{ID: "zhang", OrgID: "org", Roles: []scene.Role{scene.RoleProvider}}
}

func steward() scene.Actor { return scene.Actor{ID: "li", Roles: []scene.Role{scene.RoleSteward}} }

func report(row scene.ID) scene.Attachment {
	return scene.Attachment{Noun: "capability", Row: row, Name: "../检测报告.pdf"}
}

// TestMay: files go with their entry. Who may write it adds and removes them,
// who may read it loads them, and nobody else learns that they are there.
func TestMay(t *testing.T) {
	t.Parallel()
	s, rows := shop(t)
	ctx := t.Context()
	other := scene.Actor{ID: "wang", OrgID: "else", Roles: []scene.Role{scene.RoleProvider}}
	a, err := s.Add(ctx, provider(), report("draft"), []byte(aPDF))
	if err != nil || a.Name != "检测报告.pdf" || a.Type != typePDF || a.Size != int64(len(aPDF)) || a.Actor != "zhang" {
		t.Fatalf("%+v, %v", a, err)
	}
	open, err := s.Add(ctx, steward(), report("open"), []byte(aPDF))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		by   scene.Actor
		id   scene.ID
		want scene.Code
	}{
		"Owner": {provider(), a.ID, ""}, "Steward": {steward(), a.ID, ""},
		"Visitor": {scene.Actor{}, a.ID, scene.NotFound}, "Other": {other, a.ID, scene.NotFound},
		"VisitorOfOpen": {scene.Actor{}, open.ID, ""}, "Nothing": {steward(), "none", scene.NotFound},
	} {
		got, content, err := s.Open(ctx, tt.by, tt.id)
		if scene.CodeOf(err) != tt.want || tt.want == "" && (string(content) != aPDF || got.ID != tt.id) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	for name, tt := range map[string]struct {
		by   scene.Actor
		a    scene.Attachment
		want scene.Code
	}{
		"Other":       {other, report("draft"), scene.Forbidden},
		"Visitor":     {scene.Actor{}, report("draft"), scene.Unauthorized},
		"OwnerOfOpen": {provider(), report("open"), scene.Forbidden},
		"NoEntry":     {provider(), report("none"), scene.NotFound},
		"NoNoun":      {steward(), scene.Attachment{Noun: "account", Row: "li"}, scene.NotFound},
		"Twice":       {provider(), report("draft"), scene.Conflict},
	} {
		if _, err := s.Add(ctx, tt.by, tt.a, []byte(aPDF)); scene.CodeOf(err) != tt.want {
			t.Errorf("%s adds: %v, want %s", name, err, tt.want)
		}
	}
	if err := s.Remove(ctx, other, "capability", "draft", a.ID); scene.CodeOf(err) != scene.Forbidden {
		t.Errorf("another one removes: %v", err)
	}
	if err := s.Remove(ctx, provider(), "capability", "draft", open.ID); scene.CodeOf(err) != scene.NotFound {
		t.Errorf("the file of another entry: %v", err)
	}
	if err := s.Remove(ctx, provider(), "capability", "draft", a.ID); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Of(ctx, provider(), "capability", "draft"); err != nil || len(all) != 0 {
		t.Errorf("%d are left, %v", len(all), err)
	}
	err = rows.View(ctx, func(tx store.Tx) error {
		lines, err := tx.Audit().List(ctx, store.AuditFilter{Row: "draft"}, store.Page{})
		if len(lines.Items) != 2 {
			t.Errorf("%d lines in the record, want 2", len(lines.Items))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestQuota: an entry has room for ten files.
func TestQuota(t *testing.T) {
	t.Parallel()
	s, _ := shop(t)
	for n := range MaxFiles + 1 {
		_, err := s.Add(t.Context(), provider(), report("draft"), append([]byte("%PDF-1.7\n%"+string(rune('a'+n))), aPDF...))
		if full := n == MaxFiles; full != (scene.CodeOf(err) == scene.Conflict) || !full && err != nil {
			t.Errorf("file %d: %v", n, err)
		}
	}
}

// TestPicturesOfShowcases say what they show, and are pictures.
func TestPicturesOfShowcases(t *testing.T) {
	t.Parallel()
	s, _ := shop(t)
	for name, tt := range map[string]struct {
		by      scene.Actor
		role    scene.PictureRole
		alt     string
		content []byte
		want    string
	}{
		"OK":       {steward(), scene.RoleAfter, "改造后的泵房", aPNG(t, ""), ""},
		"NoAlt":    {steward(), scene.RoleAfter, " ", aPNG(t, "a"), "attachment.alt"},
		"NoRole":   {steward(), "during", "泵房", aPNG(t, "b"), "attachment.role"},
		"Document": {steward(), scene.RoleBefore, "泵房", []byte(aPDF), "attachment.no_picture"},
		"Provider": {provider(), scene.RoleBefore, "泵房", aPNG(t, "c"), "permission.role"},
	} {
		a, err := s.Add(t.Context(), tt.by, scene.Attachment{Noun: scene.NounShowcase, Row: "show", Name: "图", Role: tt.role, Alt: tt.alt}, tt.content)
		if keyOf(err) != tt.want || tt.want == "" && (a.Width != 40 || a.Role != tt.role || a.Name != "图.png") {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	if all, err := s.Of(t.Context(), scene.Actor{}, scene.NounShowcase, "show"); err != nil || len(all) != 1 {
		t.Errorf("a visitor sees %d, %v", len(all), err)
	}
}
