// The mask of the current input.

#include "app/desktop/session.h"

namespace vitreous {

void Session::setMask(const std::filesystem::path& mask) {
    if (current_) {
        inputs_.update(*current_, [&mask](InputItem& item) { item.mask = absolutePath(mask); });
        updateMask();
    }
}

void Session::updateMask() {
    MaskRequest request;
    const InputItem* input = current();
    // Its size in pixels is what the mask's is compared to.
    if (input != nullptr && input->isRead() && input->points == 0 && !input->video) {
        request.input = input->id;
        request.picture = input->path;
        request.chosen = input->mask;
        request.size = input->size;
        for (const ModelItem& item : models_.items()) {
            if (const Analysis* analysis = results_.find(item.id, input->id)) {
                const AnalysisResult& result = *analysis->result;
                request.targets.push_back(
                    {item.id,
                     item.loaded.summary->preprocess,
                     {int(result.rows), int(result.columns)}});
            }
        }
    }
    if (request == mask_request_) {
        return;
    }
    const bool is_same_mask =
        request.picture == mask_request_.picture && request.chosen == mask_request_.chosen;
    mask_request_ = request;
    if (!is_same_mask) {
        // What was there belongs to another picture.
        masks_ = {};
        Q_EMIT masksChanged();
    }
    mask_reader_.request(std::move(request));
}

void Session::onMasks(const TokenMasks& masks) {
    masks_ = masks;
    Q_EMIT masksChanged();
    checkIdle();
}

} // namespace vitreous
