// The part of the unpickler that makes containers and objects.

#include "core/io/unpickler.h"

namespace vitreous {
namespace {

PickleList listOf(const std::vector<PickleValue*>& items) {
    return {{items.begin(), items.end()}};
}

} // namespace

void Unpickler::append(PickleValue* list, const Stack& items) {
    // A class derived from list keeps its items nowhere: it is an inert record.
    if (auto* target = std::get_if<PickleList>(&list->data)) {
        target->items.insert(target->items.end(), items.begin(), items.end());
    }
}

void Unpickler::setItems(PickleValue* dictionary, const Stack& items) {
    if (items.size() % 2 != 0) {
        fail("the pickle stream has a key without a value");
    }
    auto* target = std::get_if<PickleDict>(&dictionary->data);
    if (target == nullptr) {
        // A class derived from dict: its items stand for its state.
        auto* record = std::get_if<PickleRecord>(&dictionary->data);
        if (record == nullptr) {
            return;
        }
        if (record->state == nullptr || record->state->as<PickleDict>() == nullptr) {
            record->state = make({PickleDict{}});
        }
        // The state was made here or by BUILD; both are our own values.
        target = std::get_if<PickleDict>(&const_cast<PickleValue*>(record->state)->data);
    }
    for (std::size_t i = 0; i < items.size(); i += 2) {
        target->items.emplace_back(items[i], items[i + 1]);
    }
}

bool Unpickler::stepContainer(std::uint8_t opcode) {
    switch (opcode) {
    case ']':
    case ')':
    case 0x8f: // EMPTY_SET
        push({PickleList{}});
        return true;
    case '}':
        push({PickleDict{}});
        return true;
    case 'l':
    case 't':
    case 0x91: // FROZENSET
        push({listOf(popToMark())});
        return true;
    case 'd': {
        const Stack items = popToMark();
        push({PickleDict{}});
        setItems(top(), items);
        return true;
    }
    case 0x85:
    case 0x86:
    case 0x87: {
        PickleList tuple;
        tuple.items.resize(std::size_t(opcode - 0x84));
        for (std::size_t i = tuple.items.size(); i-- > 0;) {
            tuple.items[i] = pop();
        }
        push({std::move(tuple)});
        return true;
    }
    case 'a': {
        PickleValue* item = pop();
        append(top(), {item});
        return true;
    }
    case 'e':
    case 0x90: { // ADDITEMS
        const Stack items = popToMark();
        append(top(), items);
        return true;
    }
    case 's': {
        PickleValue* value = pop();
        PickleValue* key = pop();
        setItems(top(), {key, value});
        return true;
    }
    case 'u': {
        const Stack items = popToMark();
        setItems(top(), items);
        return true;
    }
    default:
        return false;
    }
}

void Unpickler::build(PickleValue* object, PickleRef state) {
    if (auto* record = std::get_if<PickleRecord>(&object->data)) {
        // An object with slots has (dictionary, slots).
        const PickleList* pair = state->as<PickleList>();
        record->state = pair != nullptr && pair->items.size() == 2 &&
                                pair->items[0]->as<PickleDict>() != nullptr
                            ? pair->items[0]
                            : state;
    }
}

bool Unpickler::stepObject(std::uint8_t opcode) {
    const auto nameOf = [this](PickleRef value) {
        const PickleGlobal* global = value->as<PickleGlobal>();
        return global != nullptr ? global->name : std::string("?");
    };
    switch (opcode) {
    case 'c': {
        const std::string module = takeLine();
        push({PickleGlobal{module + "." + takeLine()}});
        return true;
    }
    case 0x93: { // STACK_GLOBAL
        const std::string* name = pop()->as<std::string>();
        const std::string* module = pop()->as<std::string>();
        if (name == nullptr || module == nullptr) {
            fail("the pickle stream names a class by something that is no text");
        }
        push({PickleGlobal{*module + "." + *name}});
        return true;
    }
    case 'R':    // REDUCE
    case 0x81: { // NEWOBJ
        PickleRef arguments = pop();
        const std::string callee = nameOf(pop());
        push(reduceKnown(callee, arguments));
        return true;
    }
    case 0x92: { // NEWOBJ_EX
        pop();
        PickleRef arguments = pop();
        push(reduceKnown(nameOf(pop()), arguments));
        return true;
    }
    case 'i': { // INST
        const std::string module = takeLine();
        const std::string name = module + "." + takeLine();
        PickleRef arguments = make({listOf(popToMark())});
        push(reduceKnown(name, arguments));
        return true;
    }
    case 'o': { // OBJ
        Stack items = popToMark();
        if (items.empty()) {
            fail("the pickle stream makes an object of no class");
        }
        const std::string name = nameOf(items.front());
        items.erase(items.begin());
        PickleRef arguments = make({listOf(items)});
        push(reduceKnown(name, arguments));
        return true;
    }
    case 'b': {
        PickleRef state = pop();
        build(top(), state);
        return true;
    }
    case 'Q': {
        PickleRef id = pop();
        const PickleList* list = id->as<PickleList>();
        const std::string* kind =
            list != nullptr && !list->items.empty() ? list->items[0]->as<std::string>() : nullptr;
        if (kind != nullptr && *kind == "module" && list->items.size() > 1) {
            // Legacy files keep a module's source beside it; the class itself is what counts.
            stack_.push_back(const_cast<PickleValue*>(list->items[1]));
        } else {
            PickleStorage storage = storageOf(id);
            storages_.emplace(storage.key, storage);
            push({std::move(storage)});
        }
        return true;
    }
    case 'P':
        takeLine();
        fail("the pickle stream names a storage by text, which torch.save never does");
    case 0x82:
    case 0x83:
    case 0x84:
        fail("the pickle stream uses the extension registry, which torch.save never does");
    default:
        return false;
    }
}

} // namespace vitreous
