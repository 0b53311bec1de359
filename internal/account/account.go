// Package account is the people who use the service: signing up and in,
// proving who they are, what they may do, and the record of what they did.
//
// It stands on the second floor: it knows internal/store and internal/scene,
// and no other service. Who may do what is decided by the table in
// scene.Rules; every change is recorded in the transaction that makes it.
//
// Secrets never leave it: passwords are kept as argon2id hashes, tokens of
// sessions and links as digests, secrets of second factors sealed with a key
// that is not in the rows, so that neither a copy of the database nor a log lets
// anybody in.
package account

import (
	"context"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Config is what a Service needs.
type Config struct {
	Store  store.Store      // required
	IDs    *scene.IDMaker   // required
	Now    func() time.Time // required
	Random io.Reader        // required; usually crypto/rand.Reader
	Log    *slog.Logger     // required
	// Mailer sends links to people. Without one, somebody of the centre lets
	// sign-ups in, and invitations are handed on by whoever makes them.
	Mailer Mailer
	// Link makes the absolute address of a path, for mails; nil or an empty
	// answer stands for an installation that does not know its own address.
	Link func(path string) string
	// StaffByPassword lets staff in without a second factor: for the sample
	// city and for tests, never for an installation.
	StaffByPassword bool
	// Hashing bounds how many passwords are hashed at once; 0 means 2. Each
	// takes 19 MiB and some 40 ms of a core.
	Hashing int
	// Key seals the secrets of second factors, KeySize bytes; empty leaves them
	// as they are.
	Key []byte
}

// Mailer sends one message in plain text. It may take a while and fail.
type Mailer interface {
	Send(ctx context.Context, to, subject, text string) error
}

// Service is the use cases of accounts. It is safe for concurrent use.
type Service struct {
	Config
	hasher    *hasher
	sealer    cipher.AEAD            // nil without a key
	puzzleKey atomic.Pointer[[]byte] // once it was read
	letters   sync.WaitGroup         // being sent
}

// New returns a Service.
func New(c Config) (*Service, error) {
	h, err := newHasher(c.Random, c.Hashing)
	if err != nil {
		return nil, scene.Wrap("account.New", err)
	}
	sealer, err := newSealer(c.Key)
	if err != nil {
		return nil, scene.Wrap("account.New", err)
	}
	return &Service{Config: c, hasher: h, sealer: sealer}, nil
}

// MailPossible reports whether a link can reach people by mail.
func (s *Service) MailPossible() bool { return s.Mailer != nil && s.link("/") != "" }

func (s *Service) link(path string) string {
	if s.Link == nil {
		return ""
	}
	return s.Link(path)
}

// secret returns a token of 256 random bits, and the digest that is stored.
func (s *Service) secret() (token string, id scene.ID, err error) {
	var b [32]byte
	if _, err := io.ReadFull(s.Random, b[:]); err != nil {
		return "", "", &scene.Error{Code: scene.Internal, Op: "account.secret", Err: err}
	}
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, digest(token), nil
}

// digest is what is stored of a token. It needs no salt and no slowness: the
// token has 256 bits of its own.
func digest(token string) scene.ID {
	sum := sha256.Sum256([]byte(token))
	return scene.ID(hex.EncodeToString(sum[:]))
}

// record writes one line of the record within tx.
func (s *Service) record(ctx context.Context, tx store.Tx, by scene.Actor, action, noun string, row scene.ID, note string, before, after any) error {
	return store.Recorder{IDs: s.IDs, Now: s.Now}.Record(ctx, tx, by, action, noun, row, note, before, after)
}

// noun is what the record calls an account.
const noun = "account"

// Account returns one account; the actor must be it or be allowed to see accounts.
func (s *Service) Account(ctx context.Context, by scene.Actor, id scene.ID) (a scene.Account, err error) {
	if by.ID != id {
		if err := by.May(scene.AccountList, scene.Object{Account: id}); err != nil {
			return a, err
		}
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		a, err = tx.Accounts().Get(ctx, id)
		return err
	})
	return a, scene.Wrap("account.Account", err)
}

// Accounts pages through accounts.
func (s *Service) Accounts(ctx context.Context, by scene.Actor, f store.AccountFilter, p store.Page) (rows store.Rows[scene.Account], err error) {
	if err := by.May(scene.AccountList, scene.Object{}); err != nil {
		return rows, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Accounts().List(ctx, f, p)
		return err
	})
	return rows, scene.Wrap("account.Accounts", err)
}

// Colleagues returns the accounts of the actor's own organisation; the centre is none,
// and its people have none here.
func (s *Service) Colleagues(ctx context.Context, by scene.Actor) (list []scene.Account, err error) {
	if err := by.May(scene.OrganisationRead, scene.Object{OrgID: by.OrgID}); err != nil {
		return nil, err
	}
	if by.OrgID == "" { // which the filter takes for every organisation
		return nil, nil
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Accounts().List(ctx, store.AccountFilter{OrgID: by.OrgID}, store.Page{Limit: store.MaxPage})
		list = rows.Items
		return err
	})
	return list, scene.Wrap("account.Colleagues", err)
}

// Waiting counts the sign-ups that wait for the centre.
func (s *Service) Waiting(ctx context.Context) (n int, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		n, err = tx.Accounts().Count(ctx, store.AccountFilter{State: scene.AccountPending})
		return err
	})
	return n, scene.Wrap("account.Waiting", err)
}

// Record pages through the record of who did what, newest first.
func (s *Service) Record(ctx context.Context, by scene.Actor, f store.AuditFilter, p store.Page) (rows store.Rows[scene.Audit], err error) {
	if err := by.May(scene.AuditRead, scene.Object{}); err != nil {
		return rows, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Audit().List(ctx, f, p)
		return err
	})
	return rows, scene.Wrap("account.Record", err)
}
