package store

import (
	"context"
	"slices"
	"time"

	"jinghe/internal/scene"
)

// NoticeFilter restricts an inbox; zero fields do not restrict.
type NoticeFilter struct {
	Account scene.ID
	Kind    scene.NoticeKind
	Unread  bool
}

// Outgoing is a notice that is to go out by a way.
type Outgoing struct {
	Notice  scene.ID
	Account scene.ID
	Way     scene.Way
	Due     time.Time
	Tries   int // that failed
}

// Notices is the table of inboxes, of what still has to go out of them, and of
// how people want to be told. Services write by a [Herald].
type Notices interface {
	// Add writes a notice and reports whether it did: one with a cause (Once) that
	// the account was told already is passed over, as is one to an account that
	// does not exist.
	Add(ctx context.Context, n scene.Notice) (bool, error)
	// Get returns the notice or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Notice, error)
	// GetMany returns the rows that exist, each once, in no promised order.
	GetMany(ctx context.Context, ids []scene.ID) ([]scene.Notice, error)
	// List pages through the notices that f keeps, the latest first.
	List(ctx context.Context, f NoticeFilter, p Page) (Rows[scene.Notice], error)
	// Unread counts the notices of an account that were not read.
	Unread(ctx context.Context, account scene.ID) (int, error)
	// Read marks notices of an account as read, all of them where no id is given,
	// and returns how many were unread.
	Read(ctx context.Context, account scene.ID, at time.Time, ids ...scene.ID) (int, error)
	// Prune removes what was read, and written, before an instant.
	Prune(ctx context.Context, before time.Time) error

	// Choice returns how an account wants to be told; who chose nothing has the zero
	// choice with that account.
	Choice(ctx context.Context, account scene.ID) (scene.NoticeChoice, error)
	// PutChoice inserts or replaces it. An account that does not exist is a Precondition error.
	PutChoice(ctx context.Context, c scene.NoticeChoice) error

	// Send has a notice go out; it replaces what was planned for that notice and way.
	Send(ctx context.Context, o Outgoing) error
	// Due returns at most limit (1–MaxPage) of what was due at an instant, that of
	// one account and way together, the longest due first.
	Due(ctx context.Context, at time.Time, limit int) ([]Outgoing, error)
	// Sent takes notices off what has to go out by a way; unknown ids are passed over.
	Sent(ctx context.Context, way scene.Way, ids []scene.ID) error
}

// Herald writes notices, in the transaction of what they tell of. It is immutable.
type Herald struct {
	IDs *scene.IDMaker
	Now func() time.Time
}

// Tell writes notices into the inboxes of their accounts and plans what goes out
// of them, as each person chose. ID and Created are the herald's. A notice that
// is not new (see [scene.Notice.Once]) is passed over. Events: notice.told.
//
//	h.Tell(ctx, tx, scene.Notice{
//		Account: owner, Kind: scene.NoticeSearch, Key: "notice.search.found",
//		Args: map[string]any{"name": search.Name}, Path: "/capabilities/" + id,
//		Rows: []scene.ID{search.ID, listing}, Once: string(search.ID) + " " + string(listing),
//	})
func (h Herald) Tell(ctx context.Context, tx Tx, notices ...scene.Notice) error {
	return h.TellAnd(ctx, tx, func(*scene.Notice, scene.Told) {}, notices...)
}

// TellAnd is Tell, and says of each notice by which ways its account wants to be told.
func (h Herald) TellAnd(ctx context.Context, tx Tx, say func(*scene.Notice, scene.Told), notices ...scene.Notice) error {
	now := h.Now().UTC()
	var told []scene.ID
	for _, n := range notices {
		if err := n.Validate(); err != nil {
			return err
		}
		choice, err := tx.Notices().Choice(ctx, n.Account)
		if err != nil {
			return err
		}
		how := choice.Of(n.Kind)
		say(&n, how)
		if n.ID, err = h.IDs.New(); err != nil {
			return err
		}
		n.Created, n.Read = now, time.Time{}
		if !how.Inbox {
			n.Read = now
		}
		fresh, err := tx.Notices().Add(ctx, n)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		told = append(told, n.ID)
		if err := h.plan(ctx, tx, &n, how); err != nil {
			return err
		}
	}
	return h.announce(ctx, tx, told, now)
}

// plan has a notice go out by the ways that the person chose.
func (h Herald) plan(ctx context.Context, tx Tx, n *scene.Notice, how scene.Told) error {
	for _, way := range []scene.Way{scene.WayMail, scene.WayHook} {
		pace := how.ToldBy(way)
		if pace == scene.PaceNever {
			continue
		}
		o := Outgoing{Notice: n.ID, Account: n.Account, Way: way, Due: pace.Due(n.Created)}
		if err := tx.Notices().Send(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

func (h Herald) announce(ctx context.Context, tx Tx, told []scene.ID, at time.Time) error {
	for len(told) > 0 {
		part := told[:min(len(told), MaxEventIDs)]
		told = told[len(part):]
		id, err := h.IDs.New()
		if err != nil {
			return err
		}
		if err := tx.Emit(ctx, scene.Event{ID: id, Subject: scene.NoticeTold, IDs: part, Time: at, Actor: "system"}); err != nil {
			return err
		}
	}
	return nil
}

// TellOrg is Tell for every active account of an organisation but the one that
// caused it, which may be empty. What leads to the pages of an organisation goes to those
// who may enter them; an event leads each to his own page of it.
func (h Herald) TellOrg(ctx context.Context, tx Tx, org, but scene.ID, n scene.Notice) error {
	return h.tellEach(ctx, tx, AccountFilter{State: scene.AccountActive, OrgID: org}, n, func(a *scene.Account) bool {
		by := a.Actor("")
		return org != "" && a.ID != but && (n.Kind == scene.NoticeMeeting || by.MayEver(scene.WorkspaceEnter))
	})
}

// TellRole is Tell for every active account that holds a role but the one that
// caused it, which may be empty.
func (h Herald) TellRole(ctx context.Context, tx Tx, role scene.Role, but scene.ID, n scene.Notice) error {
	return h.tellEach(ctx, tx, AccountFilter{State: scene.AccountActive, Naming: role}, n, func(a *scene.Account) bool {
		return a.ID != but && slices.Contains(a.Roles, role)
	})
}

func (h Herald) tellEach(ctx context.Context, tx Tx, f AccountFilter, n scene.Notice, keep func(*scene.Account) bool) error {
	var notices []scene.Notice
	err := Each(func(p Page) (Rows[scene.Account], error) { return tx.Accounts().List(ctx, f, p) }, func(a *scene.Account) error {
		if keep(a) {
			n.Account = a.ID
			notices = append(notices, n)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return h.Tell(ctx, tx, notices...)
}
