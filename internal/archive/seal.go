package archive

import (
	"bufio"
	"bytes"
	"io"

	"filippo.io/age"

	"jinghe/internal/scene"
)

// Seal says how a file is encrypted (https://age-encryption.org/v1): to public
// keys, or with a passphrase. The zero value encrypts nothing.
type Seal struct {
	Recipients []string // public keys, age1…
	Passphrase string
}

// Keys open a sealed file.
type Keys struct {
	Identities string // the text of an identity file: AGE-SECRET-KEY-1…, one a line
	Passphrase string
}

// sealed is how an encrypted file begins.
const sealed = "age-encryption.org/v1"

// Writer returns a writer that encrypts what goes to w. It has to be closed,
// which does not close w. A key that is none is Invalid.
func (s Seal) Writer(w io.Writer) (io.WriteCloser, error) {
	if len(s.Recipients) > 0 && s.Passphrase != "" {
		return nil, &scene.Error{Code: scene.Invalid, Op: "archive.Seal", Key: "archive.one_seal"}
	}
	var to []age.Recipient
	for _, key := range s.Recipients {
		r, err := age.ParseX25519Recipient(key)
		if err != nil {
			return nil, &scene.Error{Code: scene.Invalid, Op: "archive.Seal", Key: "archive.recipient", Args: map[string]any{"key": key}, Err: err}
		}
		to = append(to, r)
	}
	if s.Passphrase != "" {
		r, err := age.NewScryptRecipient(s.Passphrase)
		if err != nil {
			return nil, scene.Wrap("archive.Seal", err)
		}
		to = append(to, r)
	}
	if len(to) == 0 {
		return open{w}, nil
	}
	sealing, err := age.Encrypt(w, to...)
	return sealing, scene.Wrap("archive.Seal", err)
}

// open is a writer that needs no closing.
type open struct{ io.Writer }

func (open) Close() error { return nil }

// Reader returns what is in a file, sealed or not. A sealed one without a
// fitting key is Forbidden.
func (k Keys) Reader(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	if head, _ := in.Peek(len(sealed)); !bytes.Equal(head, []byte(sealed)) {
		return in, nil
	}
	var with []age.Identity
	if k.Identities != "" {
		list, err := age.ParseIdentities(bytes.NewReader([]byte(k.Identities)))
		if err != nil {
			return nil, &scene.Error{Code: scene.Invalid, Op: "archive.Keys", Key: "archive.identity", Err: err}
		}
		with = list
	}
	if k.Passphrase != "" {
		i, err := age.NewScryptIdentity(k.Passphrase)
		if err != nil {
			return nil, scene.Wrap("archive.Keys", err)
		}
		with = append(with, i)
	}
	if len(with) == 0 {
		return nil, &scene.Error{Code: scene.Forbidden, Op: "archive.Keys", Key: "archive.key_missing"}
	}
	plain, err := age.Decrypt(in, with...)
	if err != nil {
		return nil, &scene.Error{Code: scene.Forbidden, Op: "archive.Keys", Key: "archive.key_wrong", Err: err}
	}
	return plain, nil
}
