package embedder

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
)

// cache is a file of answers by the hash of their text: records of one length,
// appended, each with a checksum; a torn end is cut off. One model has one file.
// It is used under the Embedder's lock.
type cache struct {
	path string
	dim  int // 0 until the first answer
	file *os.File
	at   map[[sha256.Size]byte]int64 // where a record begins
	end  int64
}

const headBytes = 4 // the dimension

func openCache(dir, address, model string, dim int) (*cache, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	h := sha256.Sum256([]byte(address + "\x1f" + model + "\x1f" + strconv.Itoa(dim)))
	c := &cache{path: filepath.Join(dir, hex.EncodeToString(h[:8])+".vectors"), dim: dim, at: map[[sha256.Size]byte]int64{}}
	var err error
	if c.file, err = os.OpenFile(c.path, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, err
	}
	if err := c.read(); err != nil {
		return nil, errors.Join(err, c.file.Close())
	}
	return c, nil
}

func (c *cache) recordBytes() int { return sha256.Size + 4*c.dim + 4 }

// read finds the records; what does not check out, and all behind it, is cut off.
func (c *cache) read() error {
	var head [headBytes]byte
	if _, err := c.file.ReadAt(head[:], 0); err != nil {
		if errors.Is(err, io.EOF) {
			return c.file.Truncate(0)
		}
		return err
	}
	dim := int(binary.LittleEndian.Uint32(head[:]))
	if dim == 0 || dim > 1<<16 || c.dim != 0 && dim != c.dim {
		return c.file.Truncate(0)
	}
	c.dim, c.end = dim, headBytes
	record := make([]byte, c.recordBytes())
	for {
		if _, err := c.file.ReadAt(record, c.end); err != nil {
			break
		}
		body := record[:len(record)-4]
		if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(record[len(record)-4:]) {
			break
		}
		c.at[[sha256.Size]byte(record)] = c.end
		c.end += int64(len(record))
	}
	return c.file.Truncate(c.end)
}

func (c *cache) get(text string) ([]float32, bool) {
	at, ok := c.at[sha256.Sum256([]byte(text))]
	if !ok {
		return nil, false
	}
	raw := make([]byte, 4*c.dim)
	if _, err := c.file.ReadAt(raw, at+sha256.Size); err != nil {
		return nil, false
	}
	v := make([]float32, c.dim)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return v, true
}

// put appends answers and has them on disk when it returns.
func (c *cache) put(texts []string, vectors [][]float32) error {
	if len(vectors) == 0 {
		return nil
	}
	var out []byte
	if c.end == 0 {
		c.dim = len(vectors[0])
		out = binary.LittleEndian.AppendUint32(out, uint32(c.dim))
	}
	places := make([]int64, len(texts))
	for i, t := range texts {
		from := len(out)
		places[i] = c.end + int64(from)
		h := sha256.Sum256([]byte(t))
		out = append(out, h[:]...)
		for _, x := range vectors[i] {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
		}
		out = binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
	}
	if _, err := c.file.WriteAt(out, c.end); err != nil {
		return err
	}
	for i, t := range texts {
		c.at[sha256.Sum256([]byte(t))] = places[i]
	}
	c.end += int64(len(out))
	return c.file.Sync()
}

func (c *cache) close() error { return c.file.Close() }
