// Package attach keeps files that belong to entries and showcases: documents,
// workbooks and pictures, told by their content, bounded, and rid of what a
// picture says of the camera and the place.
//
// It stands on the second floor over the store. Whoever may read the entry may
// load its files, and whoever may write it may add and remove them.
package attach

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Bounds of what is kept.
const (
	MaxSize  = 10 << 20 // bytes of one file
	MaxFiles = 10       // of one entry or showcase
	MaxTotal = 40 << 20 // bytes of all of them
	maxAlt   = 200      // characters
	// inspecting is how many files are looked into at once: a picture takes
	// memory while it is unpacked.
	inspecting = 2
)

// Service keeps files. It is safe for concurrent use.
type Service struct {
	store store.Store
	ids   *scene.IDMaker
	now   func() time.Time
	turn  chan struct{} // held while a file is looked into
}

// New returns a Service over the store.
func New(s store.Store, ids *scene.IDMaker, now func() time.Time) *Service {
	return &Service{store: s, ids: ids, now: now, turn: make(chan struct{}, inspecting)}
}

// owner is what files belong to, as permissions see it.
type owner struct {
	object scene.Object
	public bool
	edit   scene.Action
	read   scene.Action
}

// owner looks up what files belong to; what is not there is NotFound.
func (s *Service) owner(ctx context.Context, tx store.Tx, noun string, row scene.ID) (owner, error) {
	switch noun {
	case string(scene.KindOpportunity):
		o, err := tx.Opportunities().Get(ctx, row)
		return owner{scene.ObjectOf(scene.KindOpportunity, &o.Listing, o.Department), o.Public(s.now()), scene.ListingEdit, scene.ListingRead}, err
	case string(scene.KindCapability):
		c, err := tx.Capabilities().Get(ctx, row)
		return owner{scene.ObjectOf(scene.KindCapability, &c.Listing, ""), c.Public(s.now()), scene.ListingEdit, scene.ListingRead}, err
	case scene.NounShowcase:
		x, err := tx.Showcases().Get(ctx, row)
		return owner{scene.Object{}, x.State == scene.Published, scene.ShowcaseManage, scene.ShowcaseManage}, err
	}
	return owner{}, &scene.Error{Code: scene.NotFound, Key: "attachment.not_found"}
}

// reads says whether the actor may load the files of o.
func (o *owner) reads(by scene.Actor) error {
	if o.public {
		return nil
	}
	return by.May(o.read, o.object)
}

// Add keeps a file for a.Noun and a.Row; of a, Name, Role and Alt are read. What
// is wrong with the file is Invalid or TooLarge at the field “file”, and too
// many of them a Conflict. A picture of a showcase needs a role and an Alt.
func (s *Service) Add(ctx context.Context, by scene.Actor, a scene.Attachment, content []byte) (scene.Attachment, error) {
	if err := s.writes(ctx, by, a.Noun, a.Row); err != nil { // before any work
		return a, scene.Wrap("attach.Add", err)
	}
	file, err := s.inspect(a.Name, content)
	if err != nil {
		return a, scene.Wrap("attach.Add", err)
	}
	a.Alt = strings.TrimSpace(a.Alt)
	if err := described(&a, &file); err != nil {
		return a, scene.Wrap("attach.Add", err)
	}
	if a.ID, err = s.ids.New(); err != nil {
		return a, scene.Wrap("attach.Add", err)
	}
	sum := sha256.Sum256(file.Content)
	a.Name, a.Type, a.Width, a.Height = file.Name, file.Type, file.Width, file.Height
	a.Size, a.Digest, a.Actor, a.Added = int64(len(file.Content)), hex.EncodeToString(sum[:]), by.ID, s.now().UTC()
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if err := s.mayWrite(ctx, tx, by, a.Noun, a.Row); err != nil {
			return err
		}
		if err := room(ctx, tx, &a); err != nil {
			return err
		}
		if err := tx.Attachments().Add(ctx, a, file.Content); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "attachment.add", &a)
	})
	return a, scene.Wrap("attach.Add", err)
}

// inspect looks into a file when it is its turn.
func (s *Service) inspect(name string, content []byte) (File, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
		return Inspect(name, content)
	default:
		return File{}, fault(scene.TooMany, "upload.busy", nil)
	}
}

// described checks that a picture of a showcase says what it shows.
func described(a *scene.Attachment, file *File) error {
	if utf8.RuneCountInString(a.Alt) > maxAlt {
		return &scene.Error{Code: scene.Invalid, Key: "attachment.alt_long", Fields: []scene.FieldError{{Field: "alt", Key: "attachment.alt_long"}}}
	}
	if a.Noun != scene.NounShowcase {
		a.Role = ""
		return nil
	}
	switch {
	case file.Width == 0:
		return fault(scene.Invalid, "attachment.no_picture", nil)
	case a.Role != scene.RoleBefore && a.Role != scene.RoleAfter:
		return &scene.Error{Code: scene.Invalid, Key: "attachment.role", Fields: []scene.FieldError{{Field: "role", Key: "attachment.role"}}}
	case a.Alt == "":
		return &scene.Error{Code: scene.Invalid, Key: "attachment.alt", Fields: []scene.FieldError{{Field: "alt", Key: "attachment.alt"}}}
	}
	return nil
}

// room says whether there is any left for a.
func room(ctx context.Context, tx store.Tx, a *scene.Attachment) error {
	all, err := tx.Attachments().Of(ctx, a.Noun, a.Row)
	if err != nil {
		return err
	}
	total := a.Size
	for _, other := range all {
		total += other.Size
		if other.Digest == a.Digest && other.Role == a.Role {
			return fault(scene.Conflict, "attachment.there", map[string]any{"name": other.Name})
		}
	}
	if len(all) >= MaxFiles || total > MaxTotal {
		return fault(scene.Conflict, "attachment.full", map[string]any{"count": MaxFiles, "limit": MaxTotal >> 20})
	}
	return nil
}

func (s *Service) record(ctx context.Context, tx store.Tx, by scene.Actor, action string, a *scene.Attachment) error {
	return store.Recorder{IDs: s.ids, Now: s.now}.Record(ctx, tx, by, action, a.Noun, a.Row, a.Name, nil, nil)
}

func (s *Service) writes(ctx context.Context, by scene.Actor, noun string, row scene.ID) error {
	return s.store.View(ctx, func(tx store.Tx) error { return s.mayWrite(ctx, tx, by, noun, row) })
}

func (s *Service) mayWrite(ctx context.Context, tx store.Tx, by scene.Actor, noun string, row scene.ID) error {
	o, err := s.owner(ctx, tx, noun, row)
	if err != nil {
		return err
	}
	return by.May(o.edit, o.object)
}

// Of lists the files of an entry or a showcase, if the actor may read it; else Forbidden.
func (s *Service) Of(ctx context.Context, by scene.Actor, noun string, row scene.ID) (all []scene.Attachment, err error) {
	err = s.store.View(ctx, func(tx store.Tx) error {
		o, err := s.owner(ctx, tx, noun, row)
		if err != nil {
			return err
		}
		if err := o.reads(by); err != nil {
			return err
		}
		all, err = tx.Attachments().Of(ctx, noun, row)
		return err
	})
	return all, scene.Wrap("attach.Of", err)
}

// Open returns a file with its content. One that the actor may not load is
// NotFound, so that nobody learns of it.
func (s *Service) Open(ctx context.Context, by scene.Actor, id scene.ID) (a scene.Attachment, content []byte, err error) {
	err = s.store.View(ctx, func(tx store.Tx) error {
		if a, err = tx.Attachments().Get(ctx, id); err != nil {
			return err
		}
		o, err := s.owner(ctx, tx, a.Noun, a.Row)
		if err != nil {
			return err
		}
		if o.reads(by) != nil {
			return &scene.Error{Code: scene.NotFound, Key: "attachment.not_found"}
		}
		content, err = tx.Attachments().Content(ctx, id)
		return err
	})
	return a, content, scene.Wrap("attach.Open", err)
}

// Remove removes a file of that entry or showcase.
func (s *Service) Remove(ctx context.Context, by scene.Actor, noun string, row, id scene.ID) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if err := s.mayWrite(ctx, tx, by, noun, row); err != nil {
			return err
		}
		a, err := tx.Attachments().Get(ctx, id)
		if err != nil {
			return err
		}
		if a.Noun != noun || a.Row != row {
			return &scene.Error{Code: scene.NotFound, Key: "attachment.not_found"}
		}
		if err := tx.Attachments().Delete(ctx, id); err != nil {
			return err
		}
		return s.record(ctx, tx, by, "attachment.remove", &a)
	})
	return scene.Wrap("attach.Remove", err)
}
