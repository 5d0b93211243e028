/* The floor: what the machine asks for when nobody thinks. One thread on epoll receives frames, sums them with CRC-32C and writes them to a
 * file, or reads the file and sends it. It speaks as much of Kafka's protocol as the load generator needs to be the same for all servers:
 *
 *   request    int32 size, int16 api key, int16 version, int32 correlation id, ...
 *   produce    (key 0)  sum, write                     answer: int32 4, int32 correlation id
 *   fetch      (key 1)  read the next MiB of the file  answer: int32 size, int32 correlation id, bytes
 *   delete     (key 20) empty the file                 answer: int32 4, int32 correlation id
 *
 * cc -O2 -msse4.2 floor.c -o floor; floor PORT FILE */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <nmmintrin.h>
#define crc_word(crc, word) _mm_crc32_u64(crc, word)
#elif defined(__aarch64__)
#include <arm_acle.h>
#define crc_word(crc, word) __crc32cd(crc, word)
#endif

enum { Capacity = 4 << 20, FetchBytes = 1 << 20, Produce = 0, Fetch = 1, Delete = 20 };

typedef struct {
    int socket;
    size_t start, end;
    unsigned char bytes[Capacity];
} Connection;

static int file;
static off_t written, read_to;
static volatile uint64_t sum; /* seen by nobody, but the compiler must not know */
static unsigned char answer[8 + FetchBytes];

static uint32_t int32_at(const unsigned char *at) {
    uint32_t value;
    memcpy(&value, at, 4);
    return ntohl(value);
}

static void put_int32(unsigned char *at, uint32_t value) {
    value = htonl(value);
    memcpy(at, &value, 4);
}

static void add_to_sum(const unsigned char *bytes, size_t length) {
    uint64_t crc = ~0u, word;
    for (; length >= 8; bytes += 8, length -= 8) {
        memcpy(&word, bytes, 8);
        crc = crc_word(crc, word);
    }
    sum += crc;
}

static int send_all(int socket, const unsigned char *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(socket, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) return 0;
        bytes += sent;
        length -= sent;
    }
    return 1;
}

static int handle(Connection *from, const unsigned char *frame, size_t length) {
    int api = frame[0] << 8 | frame[1];
    size_t body = 4;
    if (api == Produce) {
        add_to_sum(frame, length);
        if (pwrite(file, frame, length, written) != (ssize_t)length) return 0;
        written += length;
    } else if (api == Fetch) {
        if (read_to >= written) read_to = 0;
        ssize_t count = pread(file, answer + 8, FetchBytes, read_to);
        if (count < 0) return 0;
        read_to += count;
        body += count;
    } else if (api == Delete) {
        if (ftruncate(file, 0) != 0) return 0;
        written = read_to = 0;
    } else {
        return 0;
    }
    put_int32(answer, body);
    memcpy(answer + 4, frame + 4, 4);
    return send_all(from->socket, answer, 4 + body);
}

/* Returns 0 when the client is gone or breaks the protocol. */
static int serve(Connection *from) {
    ssize_t count = recv(from->socket, from->bytes + from->end, Capacity - from->end, 0);
    if (count <= 0) return 0;
    from->end += count;
    while (from->end - from->start >= 4) {
        size_t size = int32_at(from->bytes + from->start);
        if (size < 8 || size > Capacity - 4) return 0;
        if (from->end - from->start - 4 < size) break;
        if (!handle(from, from->bytes + from->start + 4, size)) return 0;
        from->start += 4 + size;
    }
    if (from->start == from->end) {
        from->start = from->end = 0;
    } else if (from->start > Capacity / 2) {
        memmove(from->bytes, from->bytes + from->start, from->end - from->start);
        from->end -= from->start;
        from->start = 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "floor PORT FILE\n"), 64;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM, 0), poll = epoll_create1(0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    file = open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) return perror("floor"), 1;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, ready[16];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poll, ready, 16, -1);
        for (int i = 0; i < count; i++) {
            Connection *from = ready[i].data.ptr;
            if (from == NULL) {
                from = calloc(1, sizeof *from);
                from->socket = accept(listener, NULL, NULL);
                setsockopt(from->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                event.data.ptr = from;
                epoll_ctl(poll, EPOLL_CTL_ADD, from->socket, &event);
            } else if (!serve(from)) {
                close(from->socket);
                free(from);
            }
        }
    }
}
