package sqlrows

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Organisations returns the table of organisations.
func (t *Tx) Organisations() store.Organisations {
	o := organisations{}
	o.table = table[scene.Organisation]{
		tx: t, noun: "organisation",
		head:    func(r *scene.Organisation) head { return head{&r.ID, &r.Revision, &r.Updated} },
		columns: []string{"merged_into"},
		keys:    func(r *scene.Organisation) []any { return []any{plain(r.MergedInto)} },
		trim:    trimOrganisation,
		clone:   scene.Organisation.Clone,
	}
	o.claim, o.attach = o.claimKeys, o.attachKeys
	return &o
}

func trimOrganisation(o *scene.Organisation) {
	trim(&o.Created)
	trim(&o.Updated)
	o.Qualifications = slices.Clone(o.Qualifications)
	trimQualifications(o.Qualifications)
}

type organisations struct {
	table[scene.Organisation]
}

// Prefixes of organisation_key.key. A code sorts before a name, so that the
// first key found is the stronger one.
const (
	codePrefix = "code:"
	namePrefix = "name:"
)

// keysOf returns what an organisation is found by: nothing, for one that was merged.
func keysOf(o *scene.Organisation) []string {
	if o.MergedInto != "" {
		return nil
	}
	var keys []string
	if o.CreditCode != "" {
		keys = append(keys, codePrefix+plain(o.CreditCode))
	}
	for _, name := range append([]string{o.Name}, o.Aliases...) {
		if key := plain(scene.NameKey(name)); key != "" {
			keys = append(keys, namePrefix+key)
		}
	}
	return distinct(keys)
}

func (o *organisations) Get(ctx context.Context, id scene.ID) (scene.Organisation, error) {
	return o.get(ctx, id)
}

func (o *organisations) Find(ctx context.Context, code scene.CreditCode, nameKey string) (scene.Organisation, error) {
	byCode, byName := "", ""
	if code != "" {
		byCode = codePrefix + plain(code)
	}
	if nameKey != "" {
		byName = namePrefix + plain(nameKey)
	}
	missing := map[string]any{"code": string(code), "name": nameKey}
	return o.one(ctx, "JOIN organisation_key ON organisation_id = id WHERE key IN ($1, $2) ORDER BY key LIMIT 1",
		missing, byCode, byName)
}

func (o *organisations) FindMany(ctx context.Context, codes []scene.CreditCode, nameKeys []string) ([]scene.Organisation, error) {
	keys := make([]string, 0, len(codes)+len(nameKeys))
	for _, code := range codes {
		if code != "" {
			keys = append(keys, codePrefix+plain(code))
		}
	}
	for _, name := range nameKeys {
		if name != "" {
			keys = append(keys, namePrefix+plain(name))
		}
	}
	holders, err := o.holders(ctx, keys)
	if err != nil {
		return nil, err
	}
	ids := make([]scene.ID, 0, len(holders))
	for _, id := range holders {
		ids = append(ids, id)
	}
	return o.getMany(ctx, ids)
}

// holders returns which organisation holds each of the keys.
func (o *organisations) holders(ctx context.Context, keys []string) (map[string]scene.ID, error) {
	held := make(map[string]scene.ID, len(keys))
	err := inList(distinct(keys), func(list string, args []any) error {
		return o.tx.read(ctx, func(r *sql.Rows) error {
			var key string
			var id scene.ID
			err := r.Scan(&key, &id)
			held[key] = id
			return err
		}, "SELECT key, organisation_id FROM organisation_key WHERE key IN ("+list+")", args...)
	})
	return held, err
}

func (o *organisations) GetMany(ctx context.Context, ids []scene.ID) ([]scene.Organisation, error) {
	return o.getMany(ctx, ids)
}

func (o *organisations) Put(ctx context.Context, row scene.Organisation) (scene.Organisation, error) {
	return o.put(ctx, row)
}

func (o *organisations) PutMany(ctx context.Context, rows []scene.Organisation) ([]scene.Organisation, error) {
	return o.putMany(ctx, rows)
}

// claimKeys looks for a key of rows that another organisation holds, in the
// table or among rows. The unique index is the net below it.
func (o *organisations) claimKeys(ctx context.Context, rows []*scene.Organisation) error {
	var keys []string
	for _, row := range rows {
		keys = append(keys, keysOf(row)...)
	}
	held, err := o.holders(ctx, keys)
	if err != nil {
		return err
	}
	for _, row := range rows {
		for _, key := range keysOf(row) {
			if id, ok := held[key]; ok && id != row.ID {
				return keyTaken(key, id)
			}
			held[key] = row.ID
		}
	}
	return nil
}

func keyTaken(key string, holder scene.ID) error {
	args := map[string]any{"value": key[len(codePrefix):], "id": string(holder)}
	if key[:len(codePrefix)] == codePrefix {
		return &scene.Error{Code: scene.Conflict, Key: "organisation.code_taken", Args: args}
	}
	return &scene.Error{Code: scene.Conflict, Key: "organisation.name_taken", Args: args}
}

// attachKeys writes the keys of rows; those of a replaced row are written
// again only where they changed.
func (o *organisations) attachKeys(ctx context.Context, rows []*scene.Organisation, fresh bool) error {
	var pairs []any
	for _, row := range rows {
		keys := keysOf(row)
		if !fresh {
			same, err := o.clearKeys(ctx, row.ID, keys)
			if err != nil {
				return err
			}
			if same {
				continue
			}
		}
		for _, key := range keys {
			pairs = append(pairs, key, plain(row.ID))
		}
	}
	return insertPairs(ctx, o.tx, "organisation_key", []string{"key", "organisation_id"}, pairs)
}

// clearKeys takes the keys of a row away unless they are the given ones.
func (o *organisations) clearKeys(ctx context.Context, id scene.ID, keys []string) (same bool, err error) {
	var have []string
	err = o.tx.read(ctx, func(r *sql.Rows) error {
		var key string
		err := r.Scan(&key)
		have = append(have, key)
		return err
	}, "SELECT key FROM organisation_key WHERE organisation_id = $1", plain(id))
	if err != nil {
		return false, err
	}
	slices.Sort(have)
	if slices.Equal(have, keys) {
		return true, nil
	}
	_, err = o.tx.write(ctx, "DELETE FROM organisation_key WHERE organisation_id = $1", plain(id))
	return false, err
}

// insertPairs writes rows of two columns, given one after the other.
func insertPairs(ctx context.Context, tx *Tx, table string, columns []string, values []any) error {
	return each(values, 2*batch, func(part []any) error {
		_, err := tx.write(ctx, insertText(table, columns, len(part)/2), part...)
		return err
	})
}

func (o *organisations) Delete(ctx context.Context, id scene.ID) error {
	err := o.delete(ctx, id)
	if e, ok := errors.AsType[*scene.Error](err); ok && e.Key == "store.reference" {
		return o.tx.respoil(&scene.Error{
			Code: scene.Precondition, Key: "organisation.in_use",
			Args: map[string]any{"id": string(id)}, Err: e.Err,
		})
	}
	return err
}

func (o *organisations) List(ctx context.Context, p store.Page) (store.Rows[scene.Organisation], error) {
	return listBodies(ctx, &o.table, standing(), byID, p)
}

// standing keeps the organisations that were not merged into another.
func standing() (c clause) {
	c.add("merged_into = ''")
	return c
}

func (o *organisations) Named(ctx context.Context, words string, p store.Page) (store.Rows[scene.Organisation], error) {
	c := standing()
	if known, key := plain(strings.TrimSpace(words)), plain(scene.NameKey(words)); known != "" {
		if key == "" {
			key = known // no name folds to it
		}
		c.add("(id = ? OR id IN (SELECT organisation_id FROM organisation_key WHERE key = ? OR key LIKE ? ESCAPE '!'))",
			known, codePrefix+known, namePrefix+"%"+literal(key)+"%")
	}
	return listBodies(ctx, &o.table, c, byID, p)
}

// stands refuses organisations that were merged into another: nothing new comes to them.
func (t *Tx) stands(ctx context.Context, ids []scene.ID) error {
	return inList(distinct(ids), func(list string, args []any) error {
		merged := ""
		if err := t.read(ctx, func(r *sql.Rows) error { return r.Scan(&merged) },
			"SELECT id FROM organisation WHERE id IN ("+list+") AND merged_into <> ''", args...); err != nil || merged == "" {
			return err
		}
		return &scene.Error{Code: scene.Precondition, Key: "organisation.merged", Args: map[string]any{"id": merged}}
	})
}

func (o *organisations) Count(ctx context.Context) (int, error) {
	c := standing()
	return o.tx.count(ctx, "SELECT COUNT(*) FROM organisation"+c.text(), c.args...)
}

func (o *organisations) Revisions(ctx context.Context, id scene.ID) ([]store.Revision[scene.Organisation], error) {
	return o.revisions(ctx, id)
}
