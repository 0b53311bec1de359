package account

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"io"
	"strings"

	"jinghe/internal/scene"
)

// Secrets of the second factor have to be read again, so that a digest does not
// do. They are sealed with a key that is not in the rows: AES-256-GCM, bound to
// the account. Who copies the database, or a backup, has no codes by it; who
// has the key file too, has.

// sealedMark begins what is sealed, and tells it from what was written before
// there was a key. No base32 has a dot.
const sealedMark = "v1."

// KeySize is the length of Config.Key in bytes.
const KeySize = 32

// seal hides a secret of the account; without a key it stays as it is.
func (s *Service) seal(secret string, account scene.ID) (string, error) {
	if s.sealer == nil || secret == "" {
		return secret, nil
	}
	nonce := make([]byte, s.sealer.NonceSize())
	if _, err := io.ReadFull(s.Random, nonce); err != nil {
		return "", &scene.Error{Code: scene.Internal, Op: "account.seal", Err: err}
	}
	return sealedMark + base64.RawStdEncoding.EncodeToString(s.sealer.Seal(nonce, nonce, []byte(secret), []byte(account))), nil
}

// open is the way back; what was never sealed is itself. One that was sealed
// with another key is a Precondition error account.key_other.
func (s *Service) open(sealed string, account scene.ID) (string, error) {
	text, ok := strings.CutPrefix(sealed, sealedMark)
	if !ok {
		return sealed, nil
	}
	other := &scene.Error{Code: scene.Precondition, Op: "account.open", Key: "account.key_other"}
	if s.sealer == nil {
		return "", other
	}
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(raw) < s.sealer.NonceSize() {
		other.Err = err
		return "", other
	}
	secret, err := s.sealer.Open(nil, raw[:s.sealer.NonceSize()], raw[s.sealer.NonceSize():], []byte(account))
	if err != nil {
		other.Err = err
		return "", other
	}
	return string(secret), nil
}

// newSealer returns nil for no key.
func newSealer(key []byte) (cipher.AEAD, error) {
	if len(key) == 0 {
		return nil, nil
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, &scene.Error{Code: scene.Invalid, Op: "account.newSealer", Key: "account.key", Err: err}
	}
	return cipher.NewGCM(block)
}
