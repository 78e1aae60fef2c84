#include "core/base/file_stamp.h"

#include <algorithm>

#include <sys/stat.h>

namespace vitreous {
namespace {

namespace fs = std::filesystem;

void add(FileStamp& stamp, const fs::path& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return;
    }
    stamp.files.push_back(
        {status.st_dev,
         status.st_ino,
         status.st_size,
         {status.st_mtim.tv_sec, status.st_ctim.tv_sec, status.st_mtim.tv_nsec,
          status.st_ctim.tv_nsec}});
}

} // namespace

FileStamp stampOf(const fs::path& path) {
    FileStamp stamp;
    std::error_code problem;
    if (!fs::is_directory(path, problem)) {
        add(stamp, path);
        return stamp;
    }
    std::vector<fs::path> files;
    for (fs::directory_iterator entry(path, problem), end; !problem && entry != end;
         entry.increment(problem)) {
        if (!entry->path().filename().string().starts_with('.')) {
            files.push_back(entry->path());
        }
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        add(stamp, file);
    }
    return stamp;
}

} // namespace vitreous
