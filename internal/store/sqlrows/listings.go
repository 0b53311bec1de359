package sqlrows

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Opportunities returns the table of opportunities.
func (t *Tx) Opportunities() store.Listings[scene.Opportunity] {
	return newListings(t, scene.KindOpportunity,
		func(o *scene.Opportunity) *scene.Listing { return &o.Listing },
		func(o *scene.Opportunity) { trimListing(&o.Listing) }, scene.Opportunity.Clone)
}

// Capabilities returns the table of capabilities.
func (t *Tx) Capabilities() store.Listings[scene.Capability] {
	return newListings(t, scene.KindCapability,
		func(c *scene.Capability) *scene.Listing { return &c.Listing },
		func(c *scene.Capability) {
			trimListing(&c.Listing)
			c.Qualifications = slices.Clone(c.Qualifications)
			trimQualifications(c.Qualifications)
		}, scene.Capability.Clone)
}

// listings is the table of one kind; kind is also the table's name.
type listings[T any] struct {
	table[T]
	kind scene.Kind
	part func(*T) *scene.Listing
}

func newListings[T any](t *Tx, kind scene.Kind, part func(*T) *scene.Listing, trim func(*T), clone func(T) T) *listings[T] {
	l := &listings[T]{kind: kind, part: part}
	l.table = table[T]{
		tx: t, noun: string(kind), trim: trim, clone: clone,
		head: func(row *T) head {
			p := part(row)
			return head{&p.ID, &p.Revision, &p.Updated}
		},
		columns: []string{"identity", "name_key", "org_id", "state", "batch", "source", "valid_from", "valid_to"},
	}
	l.keys, l.claim, l.attach = l.listingKeys, l.claimAll, l.attachFields
	return l
}

func (l *listings[T]) listingKeys(row *T) []any {
	p := l.part(row)
	var org any
	if p.OrgID != "" {
		org = plain(p.OrgID)
	}
	return []any{
		l.identity(row), plain(scene.NameKey(p.Name)), org, plain(p.State), plain(p.Batch), plain(p.Source),
		bound(p.ValidFrom), bound(p.ValidTo),
	}
}

func (l *listings[T]) identity(row *T) string { return plain(l.part(row).IdentityKey(l.kind)) }

func (l *listings[T]) Get(ctx context.Context, id scene.ID) (T, error) { return l.get(ctx, id) }

func (l *listings[T]) GetMany(ctx context.Context, ids []scene.ID) ([]T, error) {
	return l.getMany(ctx, ids)
}

func (l *listings[T]) Find(ctx context.Context, identity string) (T, error) {
	return l.one(ctx, "WHERE identity = $1", map[string]any{"identity": identity}, plain(identity))
}

func (l *listings[T]) FindMany(ctx context.Context, identities []string) ([]T, error) {
	return many(ctx, &l.table, "identity", identities)
}

func (l *listings[T]) FindNamed(ctx context.Context, nameKeys []string) ([]T, error) {
	return many(ctx, &l.table, "name_key", nameKeys)
}

func (l *listings[T]) Put(ctx context.Context, row T) (T, error) { return l.put(ctx, row) }

func (l *listings[T]) PutMany(ctx context.Context, rows []T) ([]T, error) {
	return l.putMany(ctx, rows)
}

func (l *listings[T]) Delete(ctx context.Context, id scene.ID) error { return l.delete(ctx, id) }

// claimAll checks that the owners of rows stand, and that nobody else is what they are.
func (l *listings[T]) claimAll(ctx context.Context, rows []*T) error {
	owners := make([]scene.ID, len(rows))
	for i, row := range rows {
		owners[i] = l.part(row).OrgID
	}
	if err := l.tx.stands(ctx, owners); err != nil {
		return err
	}
	return l.claimIdentity(ctx, rows)
}

// claimIdentity looks for an identity of rows that another listing holds, in
// the table or among rows. The unique constraint is the net below it.
func (l *listings[T]) claimIdentity(ctx context.Context, rows []*T) error {
	identities := make([]string, len(rows))
	for i, row := range rows {
		identities[i] = l.identity(row)
	}
	held := make(map[string]scene.ID, len(rows))
	err := inList(distinct(identities), func(list string, args []any) error {
		return l.tx.read(ctx, func(r *sql.Rows) error {
			var identity string
			var id scene.ID
			err := r.Scan(&identity, &id)
			held[identity] = id
			return err
		}, "SELECT identity, id FROM "+l.noun+" WHERE identity IN ("+list+")", args...)
	})
	if err != nil {
		return err
	}
	for i, row := range rows {
		id := l.part(row).ID
		if holder, ok := held[identities[i]]; ok && holder != id {
			return &scene.Error{Code: scene.Conflict, Key: "listing.identity_taken", Args: map[string]any{
				"name": l.part(row).Name, "code": l.part(row).Code, "id": string(holder),
			}}
		}
		held[identities[i]] = id
	}
	return nil
}

// attachFields writes the fields of use of rows.
func (l *listings[T]) attachFields(ctx context.Context, rows []*T, fresh bool) error {
	side := l.noun + "_field"
	var pairs []any
	for _, row := range rows {
		p := l.part(row)
		if !fresh {
			if _, err := l.tx.write(ctx, "DELETE FROM "+side+" WHERE id = $1", plain(p.ID)); err != nil {
				return err
			}
		}
		for _, field := range distinct(p.Fields) {
			pairs = append(pairs, plain(field), plain(p.ID))
		}
	}
	return insertPairs(ctx, l.tx, side, []string{"field", "id"}, pairs)
}

func (l *listings[T]) List(ctx context.Context, f store.ListingFilter, p store.Page) (store.Rows[T], error) {
	return listBodies(ctx, &l.table, l.found(f), filterOrder(f), p)
}

func (l *listings[T]) IDs(ctx context.Context, f store.ListingFilter, p store.Page) (store.Rows[scene.ID], error) {
	return listIDs(ctx, l.tx, l.noun, l.found(f), filterOrder(f), p)
}

func (l *listings[T]) Count(ctx context.Context, f store.ListingFilter) (int, error) {
	c := l.found(f)
	return l.tx.count(ctx, "SELECT COUNT(*) FROM "+c.from(l.noun)+c.text(), c.args...)
}

func (l *listings[T]) CountByField(ctx context.Context, f store.ListingFilter) (map[string]int, error) {
	c := l.where(f)
	counts := map[string]int{}
	err := l.tx.read(ctx, func(r *sql.Rows) error {
		var field string
		var n int
		err := r.Scan(&field, &n)
		counts[field] = n
		return err
	}, "SELECT field, COUNT(*) FROM "+l.noun+"_field JOIN "+l.noun+" USING (id)"+c.text()+" GROUP BY field", c.args...)
	return counts, err
}

func (l *listings[T]) Batches(ctx context.Context) (names []string, err error) {
	err = l.tx.read(ctx, func(r *sql.Rows) error {
		var name string
		err := r.Scan(&name)
		names = append(names, name)
		return err
	}, "SELECT DISTINCT batch FROM "+l.noun+" WHERE batch <> '' ORDER BY batch")
	return names, err
}

func (l *listings[T]) Revisions(ctx context.Context, id scene.ID) ([]store.Revision[T], error) {
	return l.revisions(ctx, id)
}

// found is where, for rows in the order of their ids: those of a field are looked
// up in the order they have there. SQLite would go through every open row, of a
// province a hundred and fifty thousand, and sort those of the field.
func (l *listings[T]) found(f store.ListingFilter) clause {
	field := f.Field
	if field == "" || f.Newest {
		return l.where(f)
	}
	f.Field = ""
	c := l.where(f)
	c.side = l.noun + "_field"
	c.add("field = ?", plain(field))
	return c
}

func filterOrder(f store.ListingFilter) order {
	if f.Newest {
		return byNewest
	}
	return byID
}

// where turns a filter into conditions on the key columns.
func (l *listings[T]) where(f store.ListingFilter) clause {
	var c clause
	if len(f.States) > 0 {
		marks := "?"
		args := []any{plain(f.States[0])}
		for _, s := range f.States[1:] {
			marks += ", ?"
			args = append(args, plain(s))
		}
		c.add("state IN ("+marks+")", args...)
	}
	if f.OrgID != "" {
		c.add("org_id = ?", plain(f.OrgID))
	}
	if f.Batch != "" {
		c.add("batch = ?", plain(f.Batch))
	}
	if len(f.Batches) > 0 {
		names := make([]any, len(f.Batches))
		for i, name := range f.Batches {
			names[i] = plain(name)
		}
		c.add("batch IN (?"+strings.Repeat(", ?", len(names)-1)+")", names...)
	}
	if f.Source != "" {
		c.add("source = ?", plain(f.Source))
	}
	if f.Field != "" {
		c.add("id IN (SELECT id FROM "+l.noun+"_field WHERE field = ?)", plain(f.Field))
	}
	if key := plain(scene.NameKey(f.Words)); key != "" {
		known := plain(strings.TrimSpace(f.Words))
		c.add("(id = ? OR identity LIKE ? ESCAPE '!' OR name_key LIKE ? ESCAPE '!' OR org_id IN"+
			" (SELECT organisation_id FROM organisation_key WHERE key = ? OR key LIKE ? ESCAPE '!'))",
			known, "code\x1f%\x1f"+literal(known), "%"+literal(key)+"%", codePrefix+known, namePrefix+"%"+literal(key)+"%")
	}
	if !f.OpenedAfter.IsZero() {
		c.add("valid_from > ?", f.OpenedAfter.UnixMicro())
	}
	if !f.EndsBefore.IsZero() {
		c.add("valid_to <= ?", f.EndsBefore.UnixMicro())
	}
	if !f.OpenAt.IsZero() {
		openAt(&c, f.OpenAt)
	}
	return c
}

// literal is text within a pattern of LIKE whose escape is '!'.
func literal(text string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text)
}

// openAt is scene.Listing.Open as conditions.
func openAt(c *clause, at time.Time) {
	c.add("state = ?", string(scene.Published))
	c.add("(valid_from IS NULL OR valid_from <= ?)", at.UnixMicro())
	c.add("(valid_to IS NULL OR valid_to >= ?)", lastMicro(at))
}
